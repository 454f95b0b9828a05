/** What reading a file needs of the machine, a browser's way: built in the place of connectors/file-bytes.ts. */

import type * as node from '../../../connectors/file-bytes.ts';

type FileBytes = typeof node;

/** As Node's Buffer does: a mark at the beginning is part of the text. */
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
const piece = 2 ** 22;
/** As many arguments as a call takes everywhere. */
const atOnce = 8192;

export const isUtf8 = ((bytes: Uint8Array) => {
  const strict = new TextDecoder('utf-8', { fatal: true });
  try {
    // In pieces: the text of a large file need not be there at once.
    for (let at = 0; at < bytes.length; at += piece) strict.decode(bytes.subarray(at, at + piece), { stream: true });
    strict.decode();
    return true;
  } catch {
    return false;
  }
}) as FileBytes['isUtf8'];

export const utf8Text: FileBytes['utf8Text'] = (bytes, from, to) => lenient.decode(bytes.subarray(from, to));

export const latin1Text: FileBytes['latin1Text'] = (bytes, from, to) => {
  let text = '';
  for (let at = from; at < to; at += atOnce) text += String.fromCharCode(...bytes.subarray(at, Math.min(to, at + atOnce)));
  return text;
};

export const holdsNul: FileBytes['holdsNul'] = (bytes, size) => bytes.subarray(0, size).includes(0);

export const nextTurn: FileBytes['nextTurn'] = () => new Promise((resolve) => setTimeout(resolve));

export const fileName: FileBytes['fileName'] = (path) => path;

export const sha256Of: FileBytes['sha256Of'] = () => {
  throw new TypeError('No plan of this page is sealed, so nobody asks for the hash of a file.');
};

export const readWhole: FileBytes['readWhole'] = async () => {
  throw new TypeError('A page has no paths: it is given the bytes of a file.');
};
