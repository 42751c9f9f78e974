// What the browser keeps for us; where it keeps nothing, everything else goes on.
export function kept(store, name) {
  try {
    return window[store].getItem(name);
  } catch {
    return null;
  }
}

export function keep(store, name, value) {
  try {
    if (value === null) window[store].removeItem(name);
    else window[store].setItem(name, value);
  } catch {
    // Storage is forbidden, or full.
  }
}
