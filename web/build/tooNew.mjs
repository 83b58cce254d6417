/**
 * What of built scripts and style sheets an old browser does not know: Chrome 109, the last for Windows 7, is the oldest
 * that the pages are made for.
 *
 *     node build/tooNew.mjs FOLDER   prints a JSON list of [file, what]
 */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import process from 'node:process';
import { parse } from 'acorn';
import { full } from 'acorn-walk';

/** Members whose name alone tells them, and the Chrome that brought them. */
const MEMBERS = new Map(
  Object.entries({
    toSorted: 110, toReversed: 110, toSpliced: 110, withResolvers: 119, fromAsync: 121, isWellFormed: 111, toWellFormed: 111,
    symmetricDifference: 122, isSubsetOf: 122, isSupersetOf: 122, isDisjointFrom: 122, transferToFixedLength: 114,
    startViewTransition: 111, showPopover: 114, hidePopover: 114, togglePopover: 114, canParse: 120, setHTMLUnsafe: 124,
    moveBefore: 133, caretPositionFromPoint: 128, getSetCookie: 113, setFromBase64: 140, fromBase64: 140, toBase64: 140,
    fromHex: 140, toHex: 140, DurationFormat: 129, sumPrecise: 147, requestClose: 134,
  }),
);
/** Members that are something else elsewhere: told by what they are taken from. */
const OF = new Map(
  Object.entries({
    'Promise.try': 128, 'Object.groupBy': 117, 'Map.groupBy': 117, 'AbortSignal.any': 116, 'URL.parse': 126, 'RegExp.escape': 136, 'Error.isError': 134,
    'scheduler.yield': 129, 'navigator.gpu': 113, 'Iterator.from': 122,
  }),
);
const STYLES = [
  ['nesting', /(?:^|[{};])\s*&/m, 112],
  ['color-mix()', /color-mix\(/, 111],
  ['oklch() and its like', /\b(?:oklch|oklab|lch|lab|color)\(/, 111],
  ['light-dark()', /light-dark\(/, 123],
  ['colours from others', /\b(?:rgb|rgba|hsl|hsla)\(\s*from\b/, 119],
  ['@scope', /@scope\b/, 118],
  ['@starting-style', /@starting-style\b/, 117],
  ['subgrid', /\bsubgrid\b/, 117],
  ['anchors', /\b(?:anchor-name|position-anchor|position-area)\s*:/, 125],
  ['field-sizing', /\bfield-sizing\s*:/, 123],
  ['interpolate-size', /\b(?:interpolate-size|calc-size)\b/, 129],
  ['trigonometry', /\b(?:sin|cos|tan|atan2|round|mod|rem)\(/, 111],
  [':popover-open', /:popover-open\b/, 114],
  [':user-invalid', /:user-(?:in)?valid\b/, 119],
  ['if()', /:\s*if\(/, 137],
];

function ofScript(text) {
  let tree;
  try {
    tree = parse(text, { ecmaVersion: 2022, sourceType: 'module', allowHashBang: true });
  } catch (error) {
    return [`syntax: ${error.message}`];
  }
  const found = new Set();
  full(tree, (node) => {
    if (node.type !== 'MemberExpression') return;
    const name = node.computed ? (typeof node.property.value === 'string' ? node.property.value : '') : node.property.name;
    if (MEMBERS.has(name)) found.add(`.${name} (Chrome ${MEMBERS.get(name)})`);
    const whole = `${node.object.name}.${name}`;
    if (OF.has(whole)) found.add(`${whole} (Chrome ${OF.get(whole)})`);
  });
  return [...found];
}

function ofStyle(text) {
  return STYLES.filter(([, pattern]) => pattern.test(text)).map(([name, , chrome]) => `${name} (Chrome ${chrome})`);
}

const LOOK = { '.js': ofScript, '.mjs': ofScript, '.css': ofStyle };
const [folder] = process.argv.slice(2);
const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => extname(name) in LOOK)
  .sort()
  .flatMap((name) => LOOK[extname(name)](readFileSync(join(folder, name), 'utf8')).map((what) => [relative('.', name), what]));
process.stdout.write(JSON.stringify(found));
