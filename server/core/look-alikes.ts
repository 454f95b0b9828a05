/**
 * Characters of other alphabets that look like a Latin one, as far as they turn up in email addresses. Selected from
 * Unicode Technical Standard 39 (confusables.txt, revision 30); a few small Greek letters that many fonts draw alike are added.
 */
const table = `
0410 a Cyrillic capital letter A; 0430 a Cyrillic small letter a; 0412 b Cyrillic capital letter Ve; 0421 c Cyrillic capital letter Es
0441 c Cyrillic small letter es; 0501 d Cyrillic small letter komi de; 0415 e Cyrillic capital letter Ie; 0435 e Cyrillic small letter ie
04BB h Cyrillic small letter shha; 041D h Cyrillic capital letter En; 0406 i Cyrillic capital letter Byelorussian-Ukrainian I
0456 i Cyrillic small letter Byelorussian-Ukrainian i; 0408 j Cyrillic capital letter Je; 0458 j Cyrillic small letter je
041A k Cyrillic capital letter Ka; 043A k Cyrillic small letter ka; 04CF l Cyrillic small letter palochka; 041C m Cyrillic capital letter Em
043C m Cyrillic small letter em; 041E o Cyrillic capital letter O; 043E o Cyrillic small letter o; 0420 p Cyrillic capital letter Er
0440 p Cyrillic small letter er; 051B q Cyrillic small letter qa; 0433 r Cyrillic small letter ghe; 0405 s Cyrillic capital letter Dze
0455 s Cyrillic small letter dze; 0422 t Cyrillic capital letter Te; 0442 t Cyrillic small letter te; 0475 v Cyrillic small letter izhitsa
051D w Cyrillic small letter we; 0425 x Cyrillic capital letter Ha; 0445 x Cyrillic small letter ha; 0423 y Cyrillic capital letter U
0443 y Cyrillic small letter u; 04AF y Cyrillic small letter straight u; 0391 a Greek capital letter Alpha; 03B1 a Greek small letter alpha
0392 b Greek capital letter Beta; 03F2 c Greek lunate sigma symbol; 0395 e Greek capital letter Epsilon; 0397 h Greek capital letter Eta
0399 i Greek capital letter Iota; 03B9 i Greek small letter iota; 03F3 j Greek letter yot; 039A k Greek capital letter Kappa
03BA k Greek small letter kappa; 039C m Greek capital letter Mu; 039D n Greek capital letter Nu; 03B7 n Greek small letter eta
039F o Greek capital letter Omicron; 03BF o Greek small letter omicron; 03A1 p Greek capital letter Rho; 03C1 p Greek small letter rho
03A4 t Greek capital letter Tau; 03C4 t Greek small letter tau; 03C5 u Greek small letter upsilon; 03BD v Greek small letter nu
03A7 x Greek capital letter Chi; 03C7 x Greek small letter chi; 03A5 y Greek capital letter Upsilon; 03B3 y Greek small letter gamma
0396 z Greek capital letter Zeta; 0570 h Armenian small letter ho; 0578 n Armenian small letter vo; 0585 o Armenian small letter oh
057D u Armenian small letter seh; 0251 a Latin small letter alpha; 0261 g Latin small letter script g; 0131 i Latin small letter dotless i
0269 i Latin small letter iota; 028B v Latin small letter v with hook
2010 - hyphen of the text alphabet; 2011 - non-breaking hyphen; 2012 - figure dash; 2013 - en dash; 2212 - minus sign; 2024 . one dot leader`;

const lookAlikes = new Map(
  table
    .trim()
    .split(/;\s*|\n/)
    .map((entry) => {
      const [, hex, latin, name] = /^([0-9A-F]{4}) (\S) (.+)$/.exec(entry)!;
      return [String.fromCodePoint(Number.parseInt(hex!, 16)), { latin: latin!, name: name! }] as const;
    }),
);

const invisibleNames = new Map([
  ['\u00A0', 'no-break space'],
  ['\u00AD', 'soft hyphen'],
  ['\u034F', 'combining grapheme joiner'],
  ['\u061C', 'Arabic letter mark'],
  ['\u180E', 'Mongolian vowel separator'],
  ['\u200B', 'zero width space'],
  ['\u200C', 'zero width non-joiner'],
  ['\u200D', 'zero width joiner'],
  ['\u200E', 'left-to-right mark'],
  ['\u200F', 'right-to-left mark'],
  ['\u202A', 'left-to-right embedding'],
  ['\u202B', 'right-to-left embedding'],
  ['\u202C', 'pop directional formatting'],
  ['\u202D', 'left-to-right override'],
  ['\u202E', 'right-to-left override'],
  ['\u202F', 'narrow no-break space'],
  ['\u2060', 'word joiner'],
  ['\u2066', 'left-to-right isolate'],
  ['\u2067', 'right-to-left isolate'],
  ['\u2068', 'first strong isolate'],
  ['\u2069', 'pop directional isolate'],
  ['\u2800', 'blank Braille pattern'],
  ['\u3000', 'ideographic space'],
  ['\u3164', 'Hangul filler'],
  ['\uFEFF', 'byte order mark'],
]);

/** The text with every look-alike replaced by the Latin letter it looks like (always a small one); other characters as they are. */
export function withLatinLetters(text: string): string {
  let out = '';
  for (const c of text) out += lookAlikes.get(c)?.latin ?? c;
  return out;
}

/** Code point and name, "U+200B zero width space"; for a character without a name here `otherwise` says what it is. */
export function nameOfCharacter(character: string, otherwise: string): string {
  const hex = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return `U+${hex} ${invisibleNames.get(character) ?? lookAlikes.get(character)?.name ?? otherwise}`;
}

export const isLookAlike = (character: string): boolean => lookAlikes.has(character);
