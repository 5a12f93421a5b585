/** What signs a request goes under two names, as it is known to the libraries of both; it is kept once. */
const TWINS = ['id', 'timestamp', 'signature'] as const;

export function withSvixTwins(headers: Readonly<Record<string, string>>): Record<string, string> {
  const both: Record<string, string> = { ...headers };
  for (const name of TWINS) {
    const value = headers[`webhook-${name}`];
    if (value !== undefined) both[`svix-${name}`] = value;
  }
  return both;
}

/** Of the request, whether `withSvixTwins` would add it again. */
export function isSvixTwin(name: string, headers: Readonly<Record<string, string>>): boolean {
  return (
    name.startsWith('svix-') &&
    TWINS.some((twin) => name === `svix-${twin}`) &&
    headers[name] === headers[name.replace('svix-', 'webhook-')]
  );
}
