// Mapped files that shrink. Reading a page that the file no longer holds raises SIGBUS, whose default is death without a
// word; a handler may touch no Swift memory, so what it needs and what it notes is kept here.
#pragma once

#include <stddef.h>

/// From now on, a SIGBUS at a page of a watched mapping replaces that page and those behind it by zeros and notes it. Any
/// other SIGBUS meets what was in place before.
void lockstep_catch_torn_mappings(void);

/// Watches a mapping, which starts on a page, until it is forgotten. Returns its number, or -1 when too many are watched:
/// a SIGBUS in it ends the process as if nothing were watched.
int lockstep_watch_mapping(const void *address, size_t byte_count);

/// Forgets the mapping of that number, or nothing for -1; call it before the pages are unmapped.
void lockstep_forget_mapping(int number);

/// Whether a page of the mapping of that number had to be replaced; 0 for -1.
int lockstep_is_mapping_torn(int number);
