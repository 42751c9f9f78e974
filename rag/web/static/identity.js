// Words that may tell who a patient is; the patterns are those that the server looks for.
const described = document.querySelector('meta[name="identity"]');
const patterns = JSON.parse(described?.content ?? "[]").map(({ kind, words, exact }) => ({
  kind,
  pattern: new RegExp(words, exact ? "gu" : "giu"),
}));

export function identifying(text) {
  const found = [];
  for (const { kind, pattern } of patterns) {
    for (const match of text.matchAll(pattern)) {
      const start = match.index;
      const end = start + match[0].length;
      if (found.every((other) => end <= other.start || other.end <= start)) {
        found.push({ kind, start, end, words: match[0].trim() });
      }
    }
  }
  return found.sort((one, other) => one.start - other.start);
}
