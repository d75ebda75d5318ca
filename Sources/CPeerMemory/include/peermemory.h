// Reading another process's memory, as Open MPI does to move a large message with one copy. Swift's view of the C library
// lacks the call.
#pragma once

#include <stdint.h>

/// Reads eight bytes at an address of a process into `value`. Returns 0, or the system's number for why it is refused.
int lockstep_read_peer(int process, uint64_t address, uint64_t *value);
