/**
 * Components that look like HubSpot's, for tests only: HubSpot's are not published. They take the props of the SDK that the panel uses,
 * and are as accessible as HubSpot says its own are, so that what an accessibility check finds is the panel's.
 */
import type { ComponentProps, ComponentType, CSSProperties, ReactNode } from 'react';
import { createContext, useContext, useEffect, useId, useRef, useState } from 'react';
import { createPortal } from 'react-dom';

type Any = Record<string, unknown>;
interface Props extends Any {
  children?: ReactNode;
}
type Handler = ((...values: unknown[]) => void) | undefined;

const call = (handler: unknown, ...values: unknown[]): void => (handler as Handler)?.(...values);
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const sizes: Record<string, string> = {
  xs: '4px',
  'extra-small': '4px',
  sm: '8px',
  small: '8px',
  md: '16px',
  medium: '16px',
  lg: '24px',
  large: '24px',
  flush: '0',
};
const gapOf = (gap: unknown): string => sizes[String(gap ?? 'sm')] ?? '8px';
const justifies: Record<string, string> = {
  between: 'space-between',
  around: 'space-around',
  start: 'flex-start',
  end: 'flex-end',
  center: 'center',
};
const aligns: Record<string, string> = { start: 'flex-start', end: 'flex-end', center: 'center', baseline: 'baseline', stretch: 'stretch' };

// --- Overlays ---

const Overlay = createContext<{ close(): void }>({ close: () => {} });
const openOverlays = new Map<string, () => void>();
export const closeOverlay = (id: string): void => openOverlays.get(id)?.();

/** What opens beside a button when it is pressed. */
function useOverlay(overlay: unknown): { open(): void; shown: ReactNode } {
  const [isOpen, setOpen] = useState(false);
  return {
    open: () => overlay && setOpen(true),
    shown: isOpen && overlay ? <Overlay.Provider value={{ close: () => setOpen(false) }}>{overlay as ReactNode}</Overlay.Provider> : null,
  };
}

function Modal({ id, title, children, variant, width }: Props) {
  const { close } = useContext(Overlay);
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const shown = dialog.current!;
    shown.showModal();
    openOverlays.set(String(id), close);
    return () => {
      openOverlays.delete(String(id));
      shown.close();
    };
  }, []);
  return createPortal(
    <dialog ref={dialog} aria-labelledby={heading} className={`modal ${variant ?? 'default'} ${width ?? 'sm'}`} onCancel={close}>
      <h2 id={heading}>{text(title)}</h2>
      {children}
    </dialog>,
    document.body,
  );
}

// --- Buttons ---

const buttonClass = ({ variant = 'secondary', size = 'md', truncate }: Any): string =>
  `button ${variant} ${String(size)}${truncate ? ' truncated' : ''}`;

function Button({ children, onClick, disabled, overlay, href, type, ...rest }: Props) {
  const { open, shown } = useOverlay(overlay);
  if (href) {
    const { url, external } = typeof href === 'string' ? { url: href, external: false } : (href as { url: string; external?: boolean });
    return (
      <a className={buttonClass(rest)} href={url} {...(external && { target: '_blank', rel: 'noreferrer' })}>
        {children}
      </a>
    );
  }
  return (
    <>
      <button
        type={(type as 'submit' | undefined) ?? 'button'}
        className={buttonClass(rest)}
        disabled={Boolean(disabled)}
        onClick={() => {
          open();
          call(onClick, { type: 'click' }, {});
        }}
      >
        {rest.truncate ? <span className="cut">{children}</span> : children}
      </button>
      {shown}
    </>
  );
}

function LoadingButton({ loading, children, disabled, ...rest }: Props) {
  return (
    <Button {...rest} disabled={Boolean(loading) || Boolean(disabled)}>
      {loading ? <span className="spinner" aria-hidden /> : null}
      {children}
    </Button>
  );
}

function HeaderActions({ children }: Props) {
  return createPortal(<div className="header-actions">{children}</div>, document.getElementById('header-actions')!);
}

// --- Text and layout ---

interface Format {
  fontWeight?: string;
  italic?: boolean;
  lineDecoration?: string;
}
function Text({ children, variant, inline, format, truncate }: Props) {
  const { fontWeight, italic, lineDecoration } = (format ?? {}) as Format;
  const style: CSSProperties = {
    fontWeight: fontWeight === 'bold' ? 700 : fontWeight === 'demibold' ? 600 : undefined,
    fontStyle: italic ? 'italic' : undefined,
    textDecoration: lineDecoration === 'underline' ? 'underline' : lineDecoration === 'strikethrough' ? 'line-through' : undefined,
  };
  const maxWidth = truncate ? ((truncate as { maxWidth?: number }).maxWidth ?? '100%') : undefined;
  const Tag = inline ? 'span' : 'div';
  return (
    <Tag className={`text ${variant ?? 'bodytext'}${truncate ? ' truncated' : ''}`} style={{ ...style, maxWidth }}>
      {children}
    </Tag>
  );
}

function Flex({ children, direction = 'row', justify, align, gap, wrap, alignSelf }: Props) {
  const style: CSSProperties = {
    display: 'flex',
    flexDirection: direction as 'row',
    justifyContent: justifies[String(justify)],
    alignItems: aligns[String(align)] ?? (direction === 'row' ? undefined : 'stretch'),
    alignSelf: alignSelf as string | undefined,
    gap: gapOf(gap),
    flexWrap: wrap === true || wrap === 'wrap' ? 'wrap' : undefined,
    minWidth: 0,
  };
  return <div style={style}>{children}</div>;
}

function Box({ children, flex, alignSelf }: Props) {
  return (
    <div style={{ flex: flex === undefined ? undefined : String(flex), alignSelf: alignSelf as string | undefined, minWidth: 0 }}>
      {children}
    </div>
  );
}

function AutoGrid({ children, columnWidth, gap, flexible }: Props) {
  const width = `minmax(min(${Number(columnWidth)}px, 100%), ${flexible ? '1fr' : `${Number(columnWidth)}px`})`;
  return <div style={{ display: 'grid', gridTemplateColumns: `repeat(auto-fill, ${width})`, gap: gapOf(gap) }}>{children}</div>;
}

const Tile = ({ children, compact, flush }: Props) => (
  <section className={`tile${compact ? ' compact' : ''}${flush ? ' flush' : ''}`}>{children}</section>
);
const Heading = ({ children }: Props) => <h2 className="heading">{children}</h2>;

function List({ children, variant }: Props) {
  const items = (Array.isArray(children) ? children : [children]).flat().filter(Boolean);
  const Tag = String(variant).startsWith('ordered') ? 'ol' : 'ul';
  return (
    <Tag className="list">
      {items.map((item, index) => (
        <li key={index}>{item}</li>
      ))}
    </Tag>
  );
}

const DescriptionList = ({ children, direction }: Props) => <dl className={`descriptions ${direction ?? 'column'}`}>{children}</dl>;
const DescriptionListItem = ({ label, children }: Props) => (
  <div>
    <dt>{text(label)}</dt>
    <dd>{children}</dd>
  </div>
);

function Accordion({ title, children, defaultOpen }: Props) {
  return (
    <details className="accordion" open={Boolean(defaultOpen)}>
      <summary>{text(title)}</summary>
      {children}
    </details>
  );
}

// --- Messages ---

const Alert = ({ title, children, variant = 'info' }: Props) => (
  <div className={`alert ${variant}`}>
    <strong>{text(title)}</strong>
    {children ? <div>{children}</div> : null}
  </div>
);
const Tag = ({ children, variant = 'default' }: Props) => <span className={`tag ${variant}`}>{children}</span>;
const StatusTag = ({ children, variant = 'default' }: Props) => (
  <span className={`status-tag ${variant}`}>
    <span className="dot" aria-hidden />
    {children}
  </span>
);
const EmptyState = ({ title, children }: Props) => (
  <div className="state">
    <p className="state-title">{text(title)}</p>
    {children}
  </div>
);
const ErrorState = ({ title, children, type }: Props) => (
  <div className={`state ${type ?? 'error'}`} role="alert">
    <p className="state-title">{text(title)}</p>
    {children}
  </div>
);
const LoadingSpinner = ({ label, showLabel, layout }: Props) => (
  <div role="status" aria-label={text(label)} className={`loading ${layout ?? 'inline'}`}>
    <span className="spinner" aria-hidden />
    {showLabel ? <span>{text(label)}</span> : null}
  </div>
);

function ProgressBar({ value, maxValue = 100, title, valueDescription, showPercentage, variant, ...rest }: Props) {
  const share = Number(maxValue) === 0 ? 0 : Math.min(100, (Number(value) / Number(maxValue)) * 100);
  return (
    <div className={`progress ${variant ?? ''}`}>
      {title ? <span>{text(title)}</span> : null}
      <div
        role="progressbar"
        aria-label={text(rest['aria-label']) ?? text(title)}
        aria-valuenow={Number(value)}
        aria-valuemin={0}
        aria-valuemax={Number(maxValue)}
        className="track"
      >
        <span style={{ width: `${share}%` }} />
      </div>
      {valueDescription || showPercentage ? (
        <span className="text microcopy">{text(valueDescription) ?? `${Math.round(share)}%`}</span>
      ) : null}
    </div>
  );
}

const Statistics = ({ children }: Props) => <div className="statistics">{children}</div>;
const StatisticsItem = ({ label, number, children }: Props) => (
  <div className="statistics-item">
    <span className="text microcopy">{text(label)}</span>
    <span className="number">{String(number)}</span>
    {children}
  </div>
);

/** Not HubSpot's chart: the line and nothing else. */
function LineChart({ data, axes }: Props) {
  const { x, y } = axes as { x: { field: string }; y: { field: string; label?: string } };
  const rows = data as Record<string, string | number>[];
  const most = Math.max(1, ...rows.map((row) => Number(row[y.field])));
  const points = rows.map((row, index) => `${(index / Math.max(1, rows.length - 1)) * 300},${80 - (Number(row[y.field]) / most) * 70}`);
  return (
    <svg className="chart" viewBox="-4 0 308 84" role="img" aria-label={y.label ?? ''}>
      <polyline points={points.join(' ')} fill="none" stroke="#00738c" strokeWidth="2" vectorEffect="non-scaling-stroke" />
      <desc>{rows.map((row) => row[x.field]).join(', ')}</desc>
    </svg>
  );
}

// --- Table ---

const Table = ({ children, density }: Props) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
  <section className="table" tabIndex={0} aria-label="Table">
    <table className={String(density ?? 'default')}>{children}</table>
  </section>
);
const TableHead = ({ children }: Props) => <thead>{children}</thead>;
const TableBody = ({ children }: Props) => <tbody>{children}</tbody>;
const TableRow = ({ children }: Props) => <tr>{children}</tr>;
const TableCell = ({ children, width }: Props) => (
  <td
    className={width === 'min' ? 'min' : undefined}
    style={typeof width === 'number' ? { width, minWidth: width, maxWidth: width } : undefined}
  >
    {children}
  </td>
);

function TableHeader({ children, sortDirection, onSortChange }: Props) {
  const direction = text(sortDirection) ?? 'never';
  if (direction === 'never') return <th scope="col">{children}</th>;
  return (
    <th scope="col" aria-sort={direction as 'ascending'}>
      <button type="button" className="sort" onClick={() => call(onSortChange, direction === 'ascending' ? 'descending' : 'ascending')}>
        {children}
        <span aria-hidden>{direction === 'ascending' ? ' ▲' : direction === 'descending' ? ' ▼' : ' ↕'}</span>
      </button>
    </th>
  );
}

// --- Inputs ---

function Field({ label, children, id }: { label: unknown; children: ReactNode; id: string }) {
  return (
    <div className="field">
      <label htmlFor={id}>{text(label)}</label>
      {children}
    </div>
  );
}

function Input(type: 'search' | 'number'): ComponentType<Props> {
  return ({ label, name, value, onInput, onChange, readOnly, description }) => {
    const id = useId();
    const as = (given: string): string | number => (type === 'number' ? Number(given) : given);
    const props: ComponentProps<'input'> = { id, type, name: text(name), readOnly: Boolean(readOnly), value: String(value ?? '') };
    return (
      <Field label={label} id={id}>
        <input
          {...props}
          onChange={(event) => {
            const given = as(event.currentTarget.value);
            call(onInput, given);
            call(onChange, given);
          }}
        />
        {description ? <span className="text microcopy">{text(description)}</span> : null}
      </Field>
    );
  };
}

function Select({ label, name, value, options, onChange }: Props) {
  const id = useId();
  return (
    <Field label={label} id={id}>
      <select id={id} name={text(name)} value={String(value ?? '')} onChange={(event) => call(onChange, event.currentTarget.value)}>
        {(options as { label: string; value: string }[]).map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}

const known: Record<string, ComponentType<Props>> = {
  Accordion,
  Alert,
  AutoGrid,
  Box,
  Button,
  DescriptionList,
  DescriptionListItem,
  EmptyState,
  ErrorState,
  Flex,
  HeaderActions,
  Heading,
  LineChart,
  List,
  LoadingButton,
  LoadingSpinner,
  Modal,
  ModalBody: ({ children }) => <div className="modal-body">{children}</div>,
  ModalFooter: ({ children }) => <div className="modal-footer">{children}</div>,
  NumberInput: Input('number'),
  PrimaryHeaderActionButton: (props) => <Button {...props} variant="primary" size="sm" />,
  ProgressBar,
  SearchInput: Input('search'),
  SecondaryHeaderActionButton: (props) => <Button {...props} variant="secondary" size="sm" />,
  Select,
  Statistics,
  StatisticsItem,
  StatusTag,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Tag,
  Text,
  Tile,
};

/** A component that nobody stands in for is drawn with a red outline, so that a test and an eye see it. */
export const standIns = new Proxy(known, {
  get: (components, name) =>
    Object.hasOwn(components, name)
      ? components[name as string]
      : ({ children }: Props) => (
          <div data-missing={String(name)} className="missing">
            {String(name)}
            {children}
          </div>
        ),
}) as Record<string, ComponentType<Props>>;
