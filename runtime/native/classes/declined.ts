/** Why a class is left to Python. Every class a signature names is asked about here before anything is rendered or read. */
export function declinedClass(name: string): string | undefined {
  return /^pydantic\.(?:Directory|File|New|Socket)Path$/.test(name) ? `${name} looks at the files of the machine` : undefined;
}
