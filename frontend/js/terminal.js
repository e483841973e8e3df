// The terminal of consoles: xterm.js, fetched when the first console is opened. It offers one function to the pages.
import { Terminal } from "@xterm/xterm";
import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import theirs from "@xterm/xterm/css/xterm.css";
import ours from "./terminal.css";

// The page's policy takes style elements with its nonce only, and no style attributes; the terminal writes both.
const nonce = document.querySelector("link[nonce]")?.nonce;
const create = document.createElement;
document.createElement = function (name, options) {
  const element = create.call(this, name, options);
  if (element.localName === "style") element.nonce = nonce;
  return element;
};
const set = Element.prototype.setAttribute;
HTMLSpanElement.prototype.setAttribute = function (name, value) {
  if (name === "style") this.style.cssText = value;
  else set.call(this, name, value);
};
const sheet = document.createElement("style");
sheet.textContent = theirs + ours;
document.head.append(sheet);

const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

function theme(styles) {
  const of = (name) => styles.getPropertyValue(name).trim();
  const colours = { background: of("--term-bg"), foreground: of("--term-fg"), cursor: of("--term-cursor") };
  colours.cursorAccent = colours.background;
  colours.selectionBackground = of("--term-select");
  for (const colour of COLOURS) colours[colour] = of(`--ansi-${colour}`);
  return colours;
}

// Keys that are the page's; all others are the program's.
function own(event) {
  if (event.key === "F11") return "full";
  if (!event.ctrlKey || !event.shiftKey || event.altKey || event.metaKey) return null;
  return { KeyF: "find", KeyC: "copy", KeyV: "paste" }[event.code] ?? null;
}

const MARKED = {
  matchBackground: "#6b5410",
  activeMatchBackground: "#d9a93a",
  matchOverviewRuler: "#6b5410",
  activeMatchColorOverviewRuler: "#d9a93a",
};

// Makes a terminal in `place`. `told` has what it tells: typed(bytes), sized(cols, rows), key(name), found(at, count).
window.longshoreTerminal = (place, label, told) => {
  const styles = getComputedStyle(place);
  const terminal = new Terminal({
    allowProposedApi: true,
    fontFamily: styles.getPropertyValue("--mono").trim() || "monospace",
    fontSize: 13,
    lineHeight: 1.2,
    scrollback: 10000,
    minimumContrastRatio: 4.5,
    macOptionIsMeta: true,
    theme: theme(styles),
  });
  const fitting = new FitAddon();
  const search = new SearchAddon();
  terminal.loadAddon(fitting);
  terminal.loadAddon(search);
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = "11";
  terminal.open(place);
  terminal.textarea.setAttribute("aria-label", label);
  terminal.attachCustomKeyEventHandler((event) => {
    const name = own(event);
    if (name === null) return true;
    // The browser pastes by itself, which needs no permission.
    if (name !== "paste") event.preventDefault();
    if (event.type === "keydown") {
      if (name === "copy") document.execCommand("copy");
      else if (name !== "paste") told.key(name);
    }
    return false;
  });
  // Whatever is pressed in here is not for the page.
  const keep = (event) => event.stopPropagation();
  place.addEventListener("keydown", keep);
  place.addEventListener("keyup", keep);
  const encoder = new TextEncoder();
  terminal.onData((text) => told.typed(encoder.encode(text)));
  terminal.onBinary((text) => told.typed(Uint8Array.from(text, (c) => c.charCodeAt(0))));
  terminal.onResize(({ cols, rows }) => told.sized(cols, rows));
  search.onDidChangeResults(({ resultIndex, resultCount }) => told.found(resultIndex + 1, resultCount));
  // One that is not shown has no size, and keeps its last one.
  const fit = () => {
    if (place.clientWidth > 0 && place.clientHeight > 0) fitting.fit();
  };
  const watch = new ResizeObserver(() => requestAnimationFrame(fit));
  watch.observe(place);
  fit();
  return {
    cols: () => terminal.cols,
    rows: () => terminal.rows,
    write: (bytes, done) => terminal.write(bytes, done),
    reset: () => terminal.reset(),
    focus: () => terminal.focus(),
    find: (text, way) => {
      if (way === "previous") search.findPrevious(text, { decorations: MARKED });
      else search.findNext(text, { decorations: MARKED, incremental: way === "here" });
    },
    unfind: () => search.clearDecorations(),
    copy: () => {
      terminal.focus();
      return document.execCommand("copy");
    },
    text: () => {
      terminal.selectAll();
      const text = terminal.getSelection();
      terminal.clearSelection();
      return text;
    },
    dispose: () => {
      watch.disconnect();
      terminal.dispose();
    },
  };
};
