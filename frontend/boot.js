// Loaded first and before anything is painted: the theme chosen earlier, then the app itself.
const html = document.documentElement;
for (const name of ["theme", "density"]) {
  try {
    const chosen = localStorage.getItem(`longshore.${name}`);
    if (chosen) html.dataset[name] = chosen;
  } catch {
    // A browser that forbids storage gets the system's theme.
  }
}

import("./{{js}}")
  .then((app) => app.default({ module_or_path: new URL("./{{wasm}}", import.meta.url) }))
  .catch((error) => {
    document.getElementById("unloaded").hidden = false;
    throw error;
  });
