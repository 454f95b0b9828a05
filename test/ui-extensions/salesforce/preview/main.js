import '@lwc/synthetic-shadow';
import Panel from 'c/seatmatchPanel';
import Record from 'c/seatmatchRecord';
import Summary from 'c/seatmatchSummary';
import { createElement } from 'lwc';

/** The places of an org where the panel can stand: its tab, the home page, a user's record. */
const places = { panel: Panel, record: Record, summary: Summary };
const asked = new URLSearchParams(location.search);
const place = asked.get('place') ?? 'panel';
const element = createElement(`c-seatmatch-${place}`, { is: places[place] });
if (asked.has('recordId')) element.recordId = asked.get('recordId');
performance.mark('host-handed-over');
document.querySelector('main').append(element);
