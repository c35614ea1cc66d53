// The search of the site: loads the index when the reader first goes to the field, shows results while the reader types, and
// moves through them by the arrow keys. "/" leads to the field.
import { find } from "./find.js";

const root = new URL("../", import.meta.url);
const box = document.querySelector(".search");
const field = document.querySelector("#site-search");
const found = document.querySelector("#site-found");
const count = document.querySelector("#site-count");
const list = document.querySelector("#site-results");

let index;

function load() {
  index ??= fetch(new URL("assets/search.json", root)).then((response) => {
    if (!response.ok) throw new Error(`search.json: ${response.status}`);
    return response.json();
  });
  return index;
}

/** An element with the parts of a text, of which those at odd places are marked. */
function element(name, className, parts) {
  const it = document.createElement(name);
  it.className = className;
  parts.forEach((part, i) => {
    if (i % 2 === 1) {
      const mark = document.createElement("mark");
      mark.textContent = part;
      it.append(mark);
    } else {
      it.append(part);
    }
  });
  return it;
}

function item(result) {
  const link = document.createElement("a");
  link.href = new URL(result.url, root);
  const where = element("span", "where", result.title);
  if (result.heading.length > 0) where.append(" › ", element("span", "heading", result.heading));
  link.append(where, element("span", "excerpt", result.excerpt));
  const it = document.createElement("li");
  it.append(link);
  return it;
}

function close() {
  found.hidden = true;
}

async function show() {
  const query = field.value.trim();
  if (query === "") {
    close();
    return;
  }
  let text;
  let items = [];
  try {
    const results = find(await load(), query);
    items = results.map(item);
    text = results.length === 0 ? `Nothing found for “${query}”.` : `${results.length} ${results.length === 1 ? "result" : "results"}`;
  } catch {
    index = undefined;
    text = "The search is not available now.";
  }
  // The reader may have typed on meanwhile: that call shows its own results.
  if (query !== field.value.trim()) return;
  list.replaceChildren(...items);
  count.textContent = text;
  found.hidden = false;
}

/** Moves the focus through the field and the links of the results. */
function move(step) {
  const stops = [field, ...list.querySelectorAll("a")];
  const here = stops.indexOf(document.activeElement);
  stops[(here + step + stops.length) % stops.length].focus();
}

field.addEventListener("focus", () => load().then(show, () => {}));
field.addEventListener("input", show);

box.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Escape") {
    event.preventDefault();
    field.focus();
    field.value = "";
    close();
  } else if (event.key === "Enter" && event.target === field && !found.hidden) {
    list.querySelector("a")?.click();
  }
});

box.addEventListener("focusout", (event) => {
  if (event.relatedTarget && !box.contains(event.relatedTarget)) close();
});

document.addEventListener("pointerdown", (event) => {
  if (!box.contains(event.target)) close();
});

// A result on the page that is open leads to another place of it, and no new page loads.
list.addEventListener("click", close);

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});

box.hidden = false;
