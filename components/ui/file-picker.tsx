'use client';

/** A button that opens the system's file dialog. The same file can be picked again. */
export function FilePicker({
  label,
  accept,
  onFile,
}: {
  label: string;
  /** Endings and types the dialog offers: `.csv,.tsv`. */
  accept: string;
  onFile: (file: File) => void;
}) {
  return (
    <label className="button file-picker">
      {label}
      <input
        type="file"
        className="visually-hidden"
        accept={accept}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
    </label>
  );
}
