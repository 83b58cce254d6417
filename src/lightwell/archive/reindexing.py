"""Reindexing: the whole index made again from the files alone."""

from lightwell.archive.room import Archive
from lightwell.archive.tail import index_tail


async def reindex(archive: Archive) -> int:
    """Index every file that the index does not know, in all buckets, and return how many there were."""
    sources = await archive.peers.sources()
    return await index_tail(archive.machines, archive.index, archive.blobs, sources, whole=True)
