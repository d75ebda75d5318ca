#define _GNU_SOURCE
#include "mappedfiles.h"
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST_MAPPINGS = 256, UNIT_BITS = 12, COUNT_BITS = 28 };

// A mapping in one word, so that the handler never sees half of one: the number of its first 4 KiB above their count; 0
// is a free place. The thread that faults holds its mapping, whose place can therefore not change meanwhile.
static _Atomic uint64_t ranges[MOST_MAPPINGS];
static atomic_int torn[MOST_MAPPINGS];
static struct sigaction previous;
static uintptr_t page_mask;

static int repair(uintptr_t fault) {
    uint64_t unit = fault >> UNIT_BITS;
    for (int number = 0; number < MOST_MAPPINGS; number++) {
        uint64_t range = atomic_load_explicit(&ranges[number], memory_order_acquire);
        uint64_t first = range >> COUNT_BITS, count = range & (((uint64_t)1 << COUNT_BITS) - 1);
        if (unit < first || unit >= first + count) {
            continue;
        }
        // Behind a page that is lost all others are: one call replaces them.
        uintptr_t page = fault & page_mask, end = (uintptr_t)(first + count) << UNIT_BITS;
        void *zeros = mmap((void *)page, end - page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        if (zeros == MAP_FAILED) {
            return 0;
        }
        atomic_store_explicit(&torn[number], 1, memory_order_release);
        return 1;
    }
    return 0;
}

static void handle(int number, siginfo_t *info, void *context) {
    (void)context;
    if (info->si_code == BUS_ADRERR && repair((uintptr_t)info->si_addr)) {
        return;
    }
    // The access is repeated, or the signal sent again, and finds what was in place before.
    sigaction(number, &previous, NULL);
    if (info->si_code <= 0) {
        raise(number);
    }
}

void lockstep_catch_torn_mappings(void) {
    struct sigaction action, present;
    sigaction(SIGBUS, NULL, &present);
    if ((present.sa_flags & SA_SIGINFO) && present.sa_sigaction == handle) {
        return;
    }
    previous = present;
    page_mask = ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1);
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handle;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigaction(SIGBUS, &action, NULL);
    // Whoever started this process may have had it blocked, and a process inherits that.
    sigset_t caught;
    sigemptyset(&caught);
    sigaddset(&caught, SIGBUS);
    pthread_sigmask(SIG_UNBLOCK, &caught, NULL);
}

int lockstep_watch_mapping(const void *address, size_t byte_count) {
    uint64_t count = (byte_count + ((size_t)1 << UNIT_BITS) - 1) >> UNIT_BITS;
    if (count == 0 || count >> COUNT_BITS != 0) {
        return -1;
    }
    uint64_t range = (uint64_t)((uintptr_t)address >> UNIT_BITS) << COUNT_BITS | count;
    for (int number = 0; number < MOST_MAPPINGS; number++) {
        uint64_t unused = 0;
        if (atomic_compare_exchange_strong_explicit(
                &ranges[number], &unused, range, memory_order_acq_rel, memory_order_relaxed)) {
            return number;
        }
    }
    return -1;
}

void lockstep_forget_mapping(int number) {
    if (number >= 0) {
        atomic_store_explicit(&torn[number], 0, memory_order_relaxed);
        atomic_store_explicit(&ranges[number], 0, memory_order_release);
    }
}

int lockstep_is_mapping_torn(int number) {
    return number < 0 ? 0 : atomic_load_explicit(&torn[number], memory_order_acquire);
}
