export interface Dropped {
  files: File[];
  /** What could not be read: files and folders of a scratched disc, or without the right to. */
  unreadable: string[];
}

/** All files of what was dropped, those in folders too, in the order of their names; one that cannot be read costs no other. */
export async function filesOf(items: DataTransferItemList): Promise<Dropped> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const dropped: Dropped = { files: [], unreadable: [] };
  await take(entries, dropped);
  return dropped;
}

async function take(entries: FileSystemEntry[], dropped: Dropped): Promise<void> {
  for (const entry of entries) {
    try {
      if (entry.isFile) dropped.files.push(await fileOf(entry as FileSystemFileEntry));
      else await take(await entriesOf((entry as FileSystemDirectoryEntry).createReader()), dropped);
    } catch {
      dropped.unreadable.push(entry.fullPath);
    }
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A folder is read in portions; an empty one is the end. */
async function entriesOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const found: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (!portion.length) return found.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
    found.push(...portion);
  }
}
