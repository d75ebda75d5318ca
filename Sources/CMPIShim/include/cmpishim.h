// Plain C functions over MPI. Handles are opaque and mpi.h stays out of sight, since MPI_COMM_WORLD and its kin are
// macros that Swift cannot import. Every function returns MPI's code: 0 is success, anything else is for
// mpishim_describe. Counts and offsets of bytes are ints, as everywhere in MPI 3.
#ifndef LOCKSTEP_CMPISHIM_H
#define LOCKSTEP_CMPISHIM_H

typedef struct { void *bits; } mpishim_communicator;
typedef struct { void *bits; } mpishim_request;

enum { MPISHIM_TEXT_CAPACITY = 1024 };

// Whether MPI was started, and whether it was ended, by this process.
int mpishim_state(int *is_started, int *is_ended);
// Starts MPI with errors returned instead of fatal. *serves_threads is 0 when the process may have no other threads.
int mpishim_start(mpishim_communicator *world, int *serves_threads);
int mpishim_end(void);
// Ends all ranks of the communicator; does not return in practice.
int mpishim_abort(mpishim_communicator communicator, int exit_code);
int mpishim_rank(mpishim_communicator communicator, int *rank);
int mpishim_size(mpishim_communicator communicator, int *size);
// Both write a null-terminated text of at most MPISHIM_TEXT_CAPACITY bytes.
int mpishim_host_name(char *text);
void mpishim_describe(int code, char *text);
// Makes MPI return the errors of a communicator instead of ending the process.
int mpishim_return_errors(mpishim_communicator communicator);

// Everything that other ranks take part in is started, and tested until it has finished: a blocking call could not be
// watched. What is passed by pointer must stay until then.
int mpishim_start_duplicate(mpishim_communicator communicator, mpishim_communicator *copy, mpishim_request *request);
int mpishim_start_barrier(mpishim_communicator communicator, mpishim_request *request);
int mpishim_start_broadcast(
    mpishim_communicator communicator, void *bytes, int count, int root, mpishim_request *request);
// In place: this rank's section of the block is what it sends.
int mpishim_start_all_gather_bytes(
    mpishim_communicator communicator, void *block, const int *counts, const int *offsets, mpishim_request *request);
int mpishim_start_all_to_all_bytes(
    mpishim_communicator communicator, const void *source, const int *source_counts, const int *source_offsets,
    void *target, const int *target_counts, const int *target_offsets, mpishim_request *request);
int mpishim_start_sum_float(
    mpishim_communicator communicator, float *values, int count, mpishim_request *request);
int mpishim_start_sum_double(
    mpishim_communicator communicator, double *values, int count, mpishim_request *request);
int mpishim_test(mpishim_request *request, int *is_finished);

// Sends a copy of a few bytes to one rank without waiting. The copy is never freed: nobody asks whether it arrived.
int mpishim_post(mpishim_communicator communicator, const void *bytes, int count, int rank);
// Receives one message from any rank if one is here, of at most `capacity` bytes.
int mpishim_take(
    mpishim_communicator communicator, void *bytes, int capacity, int *count, int *source, int *is_here);

#endif
