// Finds sections of the site by the words of a query. Every word has to begin a word of the section, of its heading or of
// the page's title. Titles count more than headings, and headings more than text.

const TITLE = 100;
const HEADING = 30;
const ON_A_PAGE_OF_THAT_TITLE = 3;
const WHOLE_WORD = 1.5;
const MOST_OF_A_PAGE = 3;
const EXCERPT_CHARS = 150;
const BEFORE_THE_HIT = 40;

/** The words of a query, as patterns: each matches where a word begins. */
function patterns(query) {
  const words = query.match(/[\p{L}\p{N}][\p{L}\p{N}_.-]*/gu) ?? [];
  return words.map((word) => new RegExp(`(?<![\\p{L}\\p{N}])${word.replaceAll(".", "\\.")}`, "giu"));
}

/** How well a text matches one word: 0 if it does not, 1 for a word's beginning, more for a whole word. */
function match(pattern, text) {
  let best = 0;
  for (const hit of text.matchAll(pattern)) {
    const after = text[hit.index + hit[0].length];
    best = Math.max(best, after === undefined || !/[\p{L}\p{N}]/u.test(after) ? WHOLE_WORD : 1);
    if (best === WHOLE_WORD) break;
  }
  return best;
}

function scoreOfWord(pattern, page, section) {
  const isTop = section.anchor === "";
  const title = Math.max(match(pattern, page.title), match(pattern, page.name));
  const heading = isTop ? 0 : match(pattern, section.heading);
  const hits = section.text.match(pattern)?.length ?? 0;
  const text = hits === 0 ? 0 : match(pattern, section.text) * (1 + Math.log2(hits));
  return title * (isTop ? TITLE : ON_A_PAGE_OF_THAT_TITLE) + heading * HEADING + text;
}

function score(words, page, section) {
  let sum = 0;
  for (const word of words) {
    const one = scoreOfWord(word, page, section);
    if (one === 0) return 0;
    sum += one;
  }
  return sum;
}

/** Cuts a text into parts: those at odd places are hits. */
export function marked(words, text) {
  const spans = words.flatMap((word) => [...text.matchAll(word)].map((hit) => [hit.index, hit.index + hit[0].length]));
  spans.sort((one, other) => one[0] - other[0] || other[1] - one[1]);
  const parts = [];
  let done = 0;
  for (const [begin, end] of spans) {
    if (begin >= done) {
      parts.push(text.slice(done, begin), text.slice(begin, end));
      done = end;
    }
  }
  parts.push(text.slice(done));
  return parts;
}

/** A part of the text around the first hit. */
function excerpt(words, text) {
  const first = Math.min(...words.map((word) => Math.max(0, text.search(word))));
  let begin = Math.max(0, first - BEFORE_THE_HIT);
  if (begin > 0) begin = text.indexOf(" ", begin) + 1;
  let end = Math.min(text.length, begin + EXCERPT_CHARS);
  if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), begin + 1);
  return (begin > 0 ? "… " : "") + text.slice(begin, end) + (end < text.length ? " …" : "");
}

/**
 * Finds what matches a query best.
 *
 * @param index the content of search.json
 * @param query what the reader has typed
 * @param limit the most results
 * @returns the results, the best first: url, and the parts of title, heading and excerpt, see marked()
 */
export function find(index, query, limit = 12) {
  const words = patterns(query);
  if (words.length === 0) return [];
  const found = index.flatMap((page) =>
    page.sections
      .map((section) => ({ page, section, score: score(words, page, section) }))
      .filter((one) => one.score > 0)
      .sort((one, other) => other.score - one.score)
      .slice(0, MOST_OF_A_PAGE),
  );
  found.sort((one, other) => other.score - one.score);
  return found.slice(0, limit).map(({ page, section }) => ({
    url: page.url + (section.anchor && `#${section.anchor}`),
    title: marked(words, page.title),
    heading: section.anchor ? marked(words, section.heading) : [],
    excerpt: marked(words, excerpt(words, section.text)),
  }));
}
