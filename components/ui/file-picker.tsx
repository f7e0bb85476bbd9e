'use client';

/** A button that opens the system's file dialog. The same file can be picked twice in a row. */
export function FilePicker({
  label,
  accept,
  multiple = false,
  primary = false,
  folder = false,
  onFiles,
}: {
  label: string;
  /** Endings and types the dialog offers: `.csv,.tsv`. */
  accept: string;
  multiple?: boolean;
  /** Whether this is what a user most likely wants here. */
  primary?: boolean;
  /** Whether a folder is chosen, with everything in it. */
  folder?: boolean;
  /** Called with at least one file. */
  onFiles: (files: File[]) => void;
}) {
  return (
    <label className="file-picker">
      <span className={primary ? 'button primary' : 'button'}>{label}</span>
      <input
        type="file"
        className="visually-hidden"
        accept={accept}
        multiple={multiple}
        ref={(input) => {
          input?.toggleAttribute('webkitdirectory', folder);
        }}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </label>
  );
}
