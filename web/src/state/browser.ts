// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the page asks of the browser beyond drawing: things that may be forbidden (storage, history and the clipboard
// on a file:// page) and then quietly do not happen.

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`coroscope-${name}`, value);
  } catch {
    // Storage is switched off: the choice holds for this visit.
  }
}

export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`coroscope-${name}`);
  } catch {
    return null;
  }
}

export function replaceHash(hash: string): void {
  try {
    if (location.hash !== hash) history.replaceState(null, "", hash);
  } catch {
    // Some browsers refuse this on file://, or when it happens too often.
  }
}

/** Puts `text` on the clipboard; false where the browser does not let us. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
