import { contentRule } from '../message.ts';
import { isRecord } from '../fields.ts';
import { readEventJson } from '../../../contracts/schemas/read-json.ts';

/** Somebody serialized twice. */
export const jsonInText = contentRule(
  {
    name: 'json-in-text',
    version: 1,
    sentence: 'A message that is one JSON text with a JSON object inside is that object.',
  },
  (content) => {
    if (typeof content !== 'string') return content;
    const read = readEventJson(new TextEncoder().encode(content));
    return read.ok && isRecord(read.value) ? read.value : content;
  },
);
