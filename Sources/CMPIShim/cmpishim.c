#include "cmpishim.h"

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Handles are pointers in Open MPI and ints in MPICH; either fits.
_Static_assert(sizeof(MPI_Comm) <= sizeof(void *), "a communicator fits into an opaque handle");
_Static_assert(sizeof(MPI_Request) <= sizeof(void *), "a request fits into an opaque handle");
_Static_assert(MPI_MAX_ERROR_STRING <= MPISHIM_TEXT_CAPACITY, "an error string fits");
_Static_assert(MPI_MAX_PROCESSOR_NAME <= MPISHIM_TEXT_CAPACITY, "a host name fits");

static MPI_Comm comm_of(mpishim_communicator communicator) {
    MPI_Comm comm;
    memcpy(&comm, &communicator.bits, sizeof comm);
    return comm;
}

static mpishim_communicator wrapped_comm(MPI_Comm comm) {
    mpishim_communicator communicator = {0};
    memcpy(&communicator.bits, &comm, sizeof comm);
    return communicator;
}

static MPI_Request request_of(mpishim_request wrapped) {
    MPI_Request request;
    memcpy(&request, &wrapped.bits, sizeof request);
    return request;
}

static mpishim_request wrapped_request(MPI_Request request) {
    mpishim_request wrapped = {0};
    memcpy(&wrapped.bits, &request, sizeof request);
    return wrapped;
}

int mpishim_state(int *is_started, int *is_ended) {
    int code = MPI_Initialized(is_started);
    return code != MPI_SUCCESS ? code : MPI_Finalized(is_ended);
}

int mpishim_start(mpishim_communicator *world, int *serves_threads) {
    int provided = MPI_THREAD_SINGLE;
    int code = MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided);
    if (code != MPI_SUCCESS) return code;
    *serves_threads = provided >= MPI_THREAD_FUNNELED;
    *world = wrapped_comm(MPI_COMM_WORLD);
    return MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
}

int mpishim_end(void) { return MPI_Finalize(); }

int mpishim_abort(mpishim_communicator communicator, int exit_code) {
    return MPI_Abort(comm_of(communicator), exit_code);
}

int mpishim_rank(mpishim_communicator communicator, int *rank) { return MPI_Comm_rank(comm_of(communicator), rank); }

int mpishim_size(mpishim_communicator communicator, int *size) { return MPI_Comm_size(comm_of(communicator), size); }

int mpishim_host_name(char *text) {
    int length = 0;
    return MPI_Get_processor_name(text, &length);
}

void mpishim_describe(int code, char *text) {
    int length = 0;
    if (MPI_Error_string(code, text, &length) != MPI_SUCCESS) {
        snprintf(text, MPISHIM_TEXT_CAPACITY, "MPI error %d", code);
    }
}

int mpishim_start_duplicate(mpishim_communicator communicator, mpishim_communicator *copy, mpishim_request *request) {
    MPI_Request started = MPI_REQUEST_NULL;
    // MPI writes the handle when the operation finishes; the bits around it stay zero.
    copy->bits = NULL;
    int code = MPI_Comm_idup(comm_of(communicator), (MPI_Comm *)&copy->bits, &started);
    *request = wrapped_request(started);
    return code;
}

int mpishim_return_errors(mpishim_communicator communicator) {
    return MPI_Comm_set_errhandler(comm_of(communicator), MPI_ERRORS_RETURN);
}

int mpishim_start_barrier(mpishim_communicator communicator, mpishim_request *request) {
    MPI_Request started = MPI_REQUEST_NULL;
    int code = MPI_Ibarrier(comm_of(communicator), &started);
    *request = wrapped_request(started);
    return code;
}

int mpishim_start_broadcast(
    mpishim_communicator communicator, void *bytes, int count, int root, mpishim_request *request) {
    MPI_Request started = MPI_REQUEST_NULL;
    int code = MPI_Ibcast(bytes, count, MPI_BYTE, root, comm_of(communicator), &started);
    *request = wrapped_request(started);
    return code;
}

int mpishim_start_all_gather_bytes(
    mpishim_communicator communicator, void *block, const int *counts, const int *offsets, mpishim_request *request) {
    MPI_Request started = MPI_REQUEST_NULL;
    int code = MPI_Iallgatherv(
        MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, block, counts, offsets, MPI_BYTE, comm_of(communicator), &started);
    *request = wrapped_request(started);
    return code;
}

int mpishim_start_all_to_all_bytes(
    mpishim_communicator communicator, const void *source, const int *source_counts, const int *source_offsets,
    void *target, const int *target_counts, const int *target_offsets, mpishim_request *request) {
    MPI_Request started = MPI_REQUEST_NULL;
    int code = MPI_Ialltoallv(
        source, source_counts, source_offsets, MPI_BYTE, target, target_counts, target_offsets, MPI_BYTE,
        comm_of(communicator), &started);
    *request = wrapped_request(started);
    return code;
}

int mpishim_start_sum_float(
    mpishim_communicator communicator, float *values, int count, mpishim_request *request) {
    MPI_Request started = MPI_REQUEST_NULL;
    int code = MPI_Iallreduce(MPI_IN_PLACE, values, count, MPI_FLOAT, MPI_SUM, comm_of(communicator), &started);
    *request = wrapped_request(started);
    return code;
}

int mpishim_start_sum_double(
    mpishim_communicator communicator, double *values, int count, mpishim_request *request) {
    MPI_Request started = MPI_REQUEST_NULL;
    int code = MPI_Iallreduce(MPI_IN_PLACE, values, count, MPI_DOUBLE, MPI_SUM, comm_of(communicator), &started);
    *request = wrapped_request(started);
    return code;
}

int mpishim_test(mpishim_request *request, int *is_finished) {
    MPI_Request started = request_of(*request);
    int code = MPI_Test(&started, is_finished, MPI_STATUS_IGNORE);
    *request = wrapped_request(started);
    return code;
}

int mpishim_post(mpishim_communicator communicator, const void *bytes, int count, int rank) {
    void *copy = malloc(count > 0 ? (size_t)count : 1);
    if (copy == NULL) return MPI_ERR_NO_MEM;
    memcpy(copy, bytes, (size_t)count);
    MPI_Request started = MPI_REQUEST_NULL;
    int code = MPI_Isend(copy, count, MPI_BYTE, rank, 0, comm_of(communicator), &started);
    return code != MPI_SUCCESS ? code : MPI_Request_free(&started);
}

int mpishim_take(
    mpishim_communicator communicator, void *bytes, int capacity, int *count, int *source, int *is_here) {
    MPI_Status status;
    int code = MPI_Iprobe(MPI_ANY_SOURCE, 0, comm_of(communicator), is_here, &status);
    if (code != MPI_SUCCESS || !*is_here) return code;
    code = MPI_Recv(bytes, capacity, MPI_BYTE, status.MPI_SOURCE, 0, comm_of(communicator), &status);
    if (code != MPI_SUCCESS) return code;
    *source = status.MPI_SOURCE;
    return MPI_Get_count(&status, MPI_BYTE, count);
}
