/** Asks the panel around this component to show a target. It crosses every shadow on the way, because pieces sit at different depths. */
export function open(component, target) {
    component.dispatchEvent(
        new CustomEvent('seatmatchopen', {
            detail: target,
            bubbles: true,
            composed: true
        })
    );
}

/** Tells the panel around this component that what it shows was changed by an action, so that it reads anew. */
export function changed(component) {
    component.dispatchEvent(
        new CustomEvent('seatmatchchanged', { bubbles: true, composed: true })
    );
}
