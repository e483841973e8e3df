// The editor of compose files: CodeMirror, fetched with the first file that is shown. It offers one function to the pages.
// What a file may say and what is wrong with it, the pages know; nothing of that is here.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

const nonce = document.querySelector("link[nonce]")?.nonce ?? "";

// Lines and columns of the pages count from 1, columns in characters.
function offset(doc, line, column) {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const before = Array.from(at.text).slice(0, Math.max(column, 1) - 1).join("");
  return Math.min(at.from + before.length, at.to);
}

function place(doc, pos) {
  const line = doc.lineAt(pos);
  return [line.number, Array.from(line.text.slice(0, pos - line.from)).length + 1];
}

// To the end of the word that begins there.
function end(doc, from) {
  const line = doc.lineAt(from);
  const word = /^[^\s:,]+/.exec(line.text.slice(from - line.from));
  return from + (word ? word[0].length : 0);
}

// Makes an editor in `root`. `told` has what it tells and asks: changed(text), complete(text, line, column) as JSON,
// save().
window.longshoreEditor = (root, label, told) => {
  const language = new Compartment();
  const access = new Compartment();
  let quiet = false;
  const complete = (context) => {
    const [line, column] = place(context.state.doc, context.pos);
    const { from, offers } = JSON.parse(told.complete(context.state.doc.toString(), line, column));
    const start = offset(context.state.doc, line, from);
    if (!offers.length || (start === context.pos && !context.explicit)) return null;
    return {
      from: start,
      options: offers.map(({ text, what }) => ({
        label: text,
        type: what === "key" ? "property" : what === "value" ? "enum" : "variable",
        apply: what === "key" ? `${text}: ` : text,
      })),
      validFor: /^[\w.-]*$/,
    };
  };
  const state = (text, named) =>
    EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        // Some readers do not know that what can be edited can be focused, too.
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
        lineNumbers(),
        foldGutter(),
        lintGutter(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        highlightSelectionMatches(),
        bracketMatching(),
        closeBrackets(),
        search({ top: true }),
        indentUnit.of("  "),
        EditorState.tabSize.of(2),
        syntaxHighlighting(classHighlighter),
        language.of(/\.ya?ml$/.test(named) ? yaml() : []),
        access.of(EditorState.readOnly.of(false)),
        autocompletion({ override: /\.ya?ml$/.test(named) ? [complete] : [], icons: false }),
        keymap.of([
          { key: "Mod-s", preventDefault: true, run: () => (told.save(), true) },
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...searchKeymap,
          ...historyKeymap,
          ...foldKeymap,
          ...completionKeymap,
          ...lintKeymap,
          indentWithTab,
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !quiet) told.changed(update.state.doc.toString());
        }),
      ],
    });
  const view = new EditorView({ state: state("", ""), parent: root });
  return {
    // Another file, or the same from elsewhere: its history begins anew.
    open(named, text, readOnly) {
      quiet = true;
      view.setState(state(text, named));
      view.dispatch({ effects: access.reconfigure([EditorState.readOnly.of(readOnly), EditorView.editable.of(true)]) });
      quiet = false;
    },
    // What is wrong with it, as JSON: line, column, message, warning.
    diagnose(json) {
      const { doc } = view.state;
      const found = JSON.parse(json).map(({ line, column, message, warning }) => {
        const from = offset(doc, line, column);
        return { from, to: Math.max(end(doc, from), from), severity: warning ? "warning" : "error", message };
      });
      found.sort((a, b) => a.from - b.from);
      view.dispatch(setDiagnostics(view.state, found));
    },
    // Shows a place and puts the cursor there.
    show(line, column) {
      const at = offset(view.state.doc, line, column);
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
      view.focus();
    },
    close() {
      view.destroy();
    },
  };
};
