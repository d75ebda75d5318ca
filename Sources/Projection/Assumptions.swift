/// What a projection takes for granted; every table and page names it.
package enum Assumptions {
    /// The sentences.
    package static let sentences = [
        "Every rank computes as fast as this machine's single rank did in the profile: no loss by shared caches, memory or "
            + "clocks where several ranks share a host.",
        "The time of a layer is a fixed part and a part for each image, fitted to the measured batch sizes; batches beyond "
            + "them are extrapolated.",
        "A message takes latency + bytes/bandwidth; every rank has the network to itself, both ways at once, and switches "
            + "never hold anything up. Ranks that share a network card share its bandwidth: divide --gbit by them.",
        "Named networks have typical latencies, which were not measured here.",
        "All-gathers and all-to-alls are linear (each rank posts all its messages at once), sums in place a binomial "
            + "tree, as in Open MPI's non-blocking collectives.",
        "Buckets travel behind backward without slowing it, one after the other; the small messages of batch "
            + "normalisation do not wait for them. Packing, adding up and polling cost no time.",
        "Ranks differ by log-normal jitter on every piece of computing, independent of each other. Data is always ready.",
        "Beyond 16 ranks --granules is the number of ranks, which then is part of what decides the bits.",
    ]
}
