/** Reads a whole number of a range; null = it is none. */
export function whole(low: number, high: number): (text: string) => number | null {
  return (text) => {
    const value = Number(text.replaceAll(',', ''));
    return /^[\d,]+$/.test(text) && value >= low && value <= high ? value : null;
  };
}

/** Reads a number of a range; null = it is none. */
export function number(low: number, high: number): (text: string) => number | null {
  return (text) => {
    const value = Number(text);
    return text.trim() !== '' && value >= low && value <= high ? value : null;
  };
}
