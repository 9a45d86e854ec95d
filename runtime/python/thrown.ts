/** What a function of the user's threw, as text for Python: anything can be thrown, and its text is code of the user's too. */

const LONGEST = 64 << 10;

export interface Thrown {
  readonly type: string;
  readonly message: string;
}

export function describeThrown(error: unknown): Thrown {
  return {
    type: said(() => (error instanceof Error ? error.name : typeof error), "Error"),
    message: said(() => (error instanceof Error ? error.message : error), "(its own text cannot be made)"),
  };
}

function said(text: () => unknown, otherwise: string): string {
  try {
    return String(text()).slice(0, LONGEST).toWellFormed();
  } catch {
    return otherwise;
  }
}
