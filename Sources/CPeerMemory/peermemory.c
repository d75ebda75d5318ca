#define _GNU_SOURCE
#include "peermemory.h"

#include <errno.h>
#include <sys/uio.h>

int lockstep_read_peer(int process, uint64_t address, uint64_t *value) {
    struct iovec local = {value, sizeof *value};
    struct iovec remote = {(void *)(uintptr_t)address, sizeof *value};
    ssize_t count = process_vm_readv(process, &local, 1, &remote, 1, 0);
    if (count == (ssize_t)sizeof *value) return 0;
    return count < 0 ? errno : EIO;
}
