import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import en from '../src/lib/i18n/en.json';
import zhCN from '../src/lib/i18n/zh-CN.json';

const SOURCES = join(import.meta.dirname, '../src');
const HAN = /\p{Script=Han}/u;
const LETTERS = /\p{L}{2,}/u;
const SPOKEN = new Set(['title', 'label', 'placeholder', 'alt', 'line', 'next', 'what', 'aria-label', 'aria-description']);

type Catalogue = { [key: string]: string | Catalogue };

function flat(catalogue: Catalogue, prefix = ''): [string, string][] {
  return Object.entries(catalogue).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
  );
}

function files(): string[] {
  return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
}

/** Words that stand in the source instead of the catalogues. */
function literals(name: string): string[] {
  const source = ts.createSourceFile(name, readFileSync(join(SOURCES, name), 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node) && LETTERS.test(node.text)) found.push(node.text.trim());
    if (ts.isStringLiteralLike(node) && HAN.test(node.text)) found.push(node.text);
    if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText()) && node.initializer) {
      const value = node.initializer;
      if (ts.isStringLiteral(value) && LETTERS.test(value.text)) found.push(value.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe('the catalogues', () => {
  const chinese = new Map(flat(zhCN));
  const english = new Map(flat(en));

  it('call the axial plane by one name', () => {
    const axial = [...chinese].filter(([key]) => /(plane|planes|view)\.axial$/.test(key)).map(([, words]) => words);
    expect(axial.map((words) => words.slice(0, 3))).toEqual(['横断位', '横断位', '横断位']);
  });

  it('hold the same keys', () => {
    expect([...chinese.keys()]).toEqual([...english.keys()]);
  });

  it('leave no word empty', () => {
    expect([...chinese, ...english].filter(([, words]) => !words.trim())).toEqual([]);
  });

  it('fill the same places', () => {
    const places = (words = '') => [...(words.match(/\{\{\w+\}\}/g) ?? [])].sort().join();
    expect([...english].filter(([key, words]) => places(words) !== places(chinese.get(key)))).toEqual([]);
  });

  it('never shout, beg or cheer', () => {
    const unwanted = [...chinese, ...english].filter(([, words]) => /[!！]|\bplease\b|successful|(?<!申)请(?!求)|成功/i.test(words));
    expect(unwanted).toEqual([]);
  });
});

describe('the sources', () => {
  it.each(files())('%s holds no words of its own', (name) => {
    expect(literals(name)).toEqual([]);
  });
});
