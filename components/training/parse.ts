/** Parses a whole number within a range; null = not valid. */
export function whole(low: number, high: number): (text: string) => number | null {
  return (text) => {
    const value = Number(text.replaceAll(',', ''));
    return /^[\d,]+$/.test(text) && value >= low && value <= high ? value : null;
  };
}

/** Parses a number within a range; null = not valid. */
export function number(low: number, high: number): (text: string) => number | null {
  return (text) => {
    const value = Number(text);
    return text.trim() !== '' && value >= low && value <= high ? value : null;
  };
}
