// Loaded first and before anything is painted: the theme chosen earlier, the words that will be read, then the app itself.
import start from "./longshore.js";

const html = document.documentElement;
let language = html.lang;
for (const name of ["theme", "density"]) {
  try {
    const chosen = localStorage.getItem(`longshore.${name}`);
    if (chosen) html.dataset[name] = chosen;
  } catch {
    // A browser that forbids storage gets the system's theme.
  }
}

try {
  language = localStorage.getItem("longshore.locale") || language;
} catch {
  // Then it is the one in which the server wrote the page.
}
const words = (tag) => document.querySelector(`meta[name="longshore-words-${CSS.escape(tag)}"]`);
const file = words(language) ?? words(html.lang);
if (file) {
  const ahead = document.createElement("link");
  Object.assign(ahead, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: file.content });
  document.head.append(ahead);
}

start({ module_or_path: new URL("./longshore_bg.wasm", import.meta.url) }).catch((error) => {
  document.getElementById("unloaded").classList.remove("waiting__late");
  throw error;
});
