/**
 * The text of a top-level member of a JSON object as it stands there, so that it can be passed on unaltered: reading and writing it again would round
 * large numbers and drop members that stand there twice. The text must be an object that `JSON.parse` takes; of a member given twice it is the last.
 */
export function memberText(json: string, name: string): string | undefined {
  let depth = 0;
  let key: string | undefined;
  let begins = -1;
  let found: string | undefined;
  const ends = (at: number) => {
    if (key === name && begins >= 0) found = json.slice(begins, at).trim();
    [key, begins] = [undefined, -1];
  };
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (character === '"') {
      const end = endOfString(json, at);
      // Where no value has begun this is a name, and at the top: deeper ones stand in a value.
      if (begins < 0) key = JSON.parse(json.slice(at, end + 1)) as string;
      at = end;
    } else if (character === ':' && depth === 1) begins = at + 1;
    else if (character === ',' && depth === 1) ends(at);
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      if (depth === 1) ends(at);
      depth -= 1;
    }
  }
  return found;
}

/** Where the string that begins here ends: at the first quotation mark with an even number of backslashes before it. */
function endOfString(json: string, begins: number): number {
  for (let at = begins + 1; at < json.length; at += 1) {
    if (json[at] === '\\') at += 1;
    else if (json[at] === '"') return at;
  }
  return json.length - 1;
}
