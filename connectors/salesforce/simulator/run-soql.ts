import type { Condition, FieldType, Query, WhereClause } from '@jetstreamapp/soql-parser-js';

/** SOQL as the simulator answers it: one object, conditions, one order, a limit. Anything else is refused as Salesforce refuses a fault. */

/** A refusal of the API: `[{ message, errorCode }]` with this status. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly errorCode: string;

  constructor(status: number, errorCode: string, message: string) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }
}

/** A value as the API writes it; an object where a relationship is. */
export type Value = string | number | boolean | null | { readonly [field: string]: Value };
export type Row = { readonly [field: string]: Value };
type Reader = (row: Row) => Value;

/** An object that can be asked: its fields, those behind a relationship with their paths, and its rows. */
export interface SObject {
  readonly fields: readonly string[];
  readonly rows: readonly Row[];
}

export interface Found {
  readonly sObject: string;
  /** A query that only counts. */
  readonly isCount: boolean;
  readonly rows: readonly Row[];
  /** One record as it is sent. */
  readonly project: (row: Row) => Record<string, unknown>;
}

const malformed = (message: string): Refused => new Refused(400, 'MALFORMED_QUERY', message);

export async function parseSoql(soql: string): Promise<Query> {
  // With the first query: loading it takes longer than the start of all simulators together.
  const { parseQuery } = await import('@jetstreamapp/soql-parser-js');
  try {
    return parseQuery(soql);
  } catch (cause) {
    throw malformed(cause instanceof Error ? cause.message : 'unexpected token');
  }
}

/** @param url where a record of an object stands, for its `attributes` */
export function runSoql(query: Query, objects: Readonly<Record<string, SObject>>, url: (sObject: string, id: string) => string): Found {
  const name = Object.keys(objects).find((one) => one.toLowerCase() === query.sObject?.toLowerCase());
  const object = name === undefined ? undefined : objects[name];
  if (name === undefined || object === undefined)
    throw new Refused(400, 'INVALID_TYPE', `sObject type '${query.sObject}' is not supported.`);
  const known = new Map(object.fields.map((field) => [field.toLowerCase(), field]));
  const pathOf = (field: string): readonly string[] => {
    const path = known.get(field.toLowerCase());
    if (path === undefined) throw new Refused(400, 'INVALID_FIELD', `No such column '${field}' on entity '${name}'.`);
    return path.split('.');
  };
  const readerOf = (field: string): Reader => {
    const path = pathOf(field);
    return path.length === 1 ? (row) => row[path[0]!] ?? null : (row) => valueAt(row, path);
  };
  const asked = query.fields ?? [];
  const isCount = asked.length === 1 && asked[0]!.type === 'FieldFunctionExpression' && /^count$/i.test(asked[0]!.functionName);
  const paths = isCount ? [] : asked.map((field) => pathOf(nameOf(field)));
  const matches = query.where ? conditionOf(query.where, readerOf) : null;
  let rows = matches ? object.rows.filter(matches) : object.rows;
  const [order] = [query.orderBy ?? []].flat();
  if (order) {
    if (!('field' in order)) throw malformed('only fields can be ordered by');
    rows = sorted(rows, readerOf(order.field), order.order === 'DESC');
  }
  if (query.limit !== undefined) rows = rows.slice(0, query.limit);
  const project = (row: Row): Record<string, unknown> => {
    const record: Record<string, unknown> = { attributes: { type: name, url: url(name, String(row.Id)) } };
    for (const path of paths) place(record, path, row);
    return record;
  };
  return { sObject: name, isCount, rows, project };
}

function nameOf(field: FieldType): string {
  if (field.type === 'Field') return field.field;
  if (field.type === 'FieldRelationship') return [...field.relationships, field.field].join('.');
  throw malformed('only fields can be selected');
}

function valueAt(row: Row, path: readonly string[]): Value {
  let value: Value = row;
  for (const step of path) {
    if (value === null || typeof value !== 'object') return null;
    value = value[step] ?? null;
  }
  return value;
}

/** A relationship that leads nowhere is null as a whole. */
function place(record: Record<string, unknown>, path: readonly string[], row: Row): void {
  let into = record;
  let from: Row = row;
  for (const step of path.slice(0, -1)) {
    const next: Value = from[step] ?? null;
    if (next === null || typeof next !== 'object') {
      into[step] = null;
      return;
    }
    into[step] ??= { attributes: { type: step, url: `/services/data/sobjects/${step}/${String(next.Id ?? '')}` } };
    into = into[step] as Record<string, unknown>;
    from = next;
  }
  const last = path.at(-1)!;
  into[last] = from[last] ?? null;
}

function sorted(rows: readonly Row[], read: Reader, isDescending: boolean): readonly Row[] {
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((a, b) => sign * compare(read(a), read(b)));
}

function compare(a: Value, b: Value): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}

type Test = (row: Row) => boolean;
type Token = Test | '(' | ')' | 'AND' | 'OR' | 'NOT';

/** The parser keeps parentheses as counts beside the conditions, so that they are laid out again and read by precedence. */
function conditionOf(where: WhereClause, readerOf: (field: string) => Reader): Test {
  const tokens: Token[] = [];
  for (let at: WhereClause | null = where; at !== null; at = 'right' in at ? at.right : null) {
    const { left } = at;
    const opened = left !== null && 'openParen' in left ? (left.openParen ?? 0) : 0;
    const closed = left !== null && 'closeParen' in left ? (left.closeParen ?? 0) : 0;
    for (let n = 0; n < opened; n++) tokens.push('(');
    if (left !== null && 'operator' in left) {
      if (!('field' in left) || 'valueQuery' in left) throw malformed('only fields can be compared');
      tokens.push(comparison(left, readerOf(left.field)));
    }
    for (let n = 0; n < closed; n++) tokens.push(')');
    if ('operator' in at) tokens.push(at.operator);
  }
  let next = 0;
  const any = (): Test => {
    const parts = [all()];
    while (tokens[next] === 'OR') {
      next += 1;
      parts.push(all());
    }
    return parts.length === 1 ? parts[0]! : (row) => parts.some((part) => part(row));
  };
  const all = (): Test => {
    const parts = [one()];
    while (tokens[next] === 'AND') {
      next += 1;
      parts.push(one());
    }
    return parts.length === 1 ? parts[0]! : (row) => parts.every((part) => part(row));
  };
  const one = (): Test => {
    const token = tokens[next++];
    if (typeof token === 'function') return token;
    if (token === 'NOT') {
      const inner = one();
      return (row) => !inner(row);
    }
    if (token !== '(') throw malformed('unexpected token');
    const inner = any();
    next += 1;
    return inner;
  };
  return any();
}

/** Text is compared without regard to case, as Salesforce does; dates as moments. */
function comparison(condition: Extract<Condition, { field: string }>, read: Reader): Test {
  const types = [condition.literalType ?? 'STRING'].flat();
  const literals = [condition.value].flat().map((value, n) => literalOf(value, types[n] ?? types[0]!));
  const [literal = null] = literals;
  const isMoment = types[0] === 'DATETIME' || types[0] === 'DATE';
  const value: Reader = isMoment ? (row) => momentOf(read(row)) : (row) => folded(read(row));
  switch (condition.operator) {
    case '=':
      return (row) => value(row) === literal;
    case '!=':
      return (row) => value(row) !== literal;
    case '<':
      return (row) => value(row) !== null && compare(value(row), literal) < 0;
    case '<=':
      return (row) => value(row) !== null && compare(value(row), literal) <= 0;
    case '>':
      return (row) => value(row) !== null && compare(value(row), literal) > 0;
    case '>=':
      return (row) => value(row) !== null && compare(value(row), literal) >= 0;
    case 'IN':
      return (row) => literals.includes(value(row));
    case 'NOT IN':
      return (row) => !literals.includes(value(row));
    case 'LIKE': {
      const pattern = String(literal).replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
      const like = new RegExp(`^${pattern.replaceAll('%', '.*').replaceAll('_', '.')}$`, 's');
      return (row) => like.test(String(value(row) ?? ''));
    }
    default:
      throw malformed(`${condition.operator} is not for these fields`);
  }
}

function literalOf(text: string, type: string): Value {
  switch (type) {
    case 'NULL':
      return null;
    case 'BOOLEAN':
      return /^true$/i.test(text);
    case 'INTEGER':
    case 'DECIMAL':
      return Number(text);
    case 'DATETIME':
    case 'DATE':
      return momentOf(text);
    case 'STRING':
      return folded(text.slice(1, -1).replace(/\\(['"\\])/g, '$1'));
    default:
      throw malformed(`${type} is not for these fields`);
  }
}

const folded = (value: Value): Value => (typeof value === 'string' ? value.toLowerCase() : value);
const momentOf = (value: Value): number | null => (typeof value === 'string' ? Date.parse(value) : null);
