/** What the pages that are written from the code are made of. */
export const code = (text) => `\`${text}\``;
export const row = (cells) => `| ${cells.join(' | ')} |`;
