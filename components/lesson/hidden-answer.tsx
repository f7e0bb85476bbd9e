/** Stands where the answer would, for as long as a lesson hides it. */
export function HiddenAnswer() {
  return (
    <p className="hidden-answer">
      The answer is hidden. Set your own mixture under <a href="#challenge">Your turn</a>.
    </p>
  );
}
