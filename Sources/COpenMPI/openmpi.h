// Empty on purpose: the target exists for its compiler and linker flags, and only CMPIShim includes mpi.h.
