/// What a projection takes for granted; every table and page names it.
package enum Assumptions {
    /// The sentences, for a profile of so many ranks side by side.
    package static func sentences(profiledRanks: Int) -> [String] {
        [computing(profiledRanks)] + others
    }

    private static func computing(_ ranks: Int) -> String {
        ranks == 1
            ? "Every rank computes as fast as this machine's single rank did in the profile: no loss by shared caches, "
                + "memory or clocks where several ranks share a host. Started by mpirun with a rank on every core, the "
                + "profile holds that loss too."
            : "Every host has \(ranks) ranks that compute as fast as those of the profile did side by side."
    }

    private static let others = [
        "The time of a layer is a fixed part, a part for each image and one for each granule, fitted to the measured "
            + "shares; larger ones are extrapolated.",
        "A single rank computes all granules by itself, and each of several ranks fewer of them: that is why efficiency "
            + "can exceed 100 %.",
        "A message takes latency + bytes/bandwidth; every rank has the network to itself, both ways at once, and switches "
            + "never hold anything up. Ranks that share a network card share its bandwidth: divide --gbit by them.",
        "Named networks have typical latencies, which were not measured here.",
        "All-gathers and all-to-alls are linear (each rank posts all its messages at once), sums in place a binomial "
            + "tree, as in Open MPI's non-blocking collectives.",
        "Buckets travel behind backward without slowing it, one after the other; the small messages of batch "
            + "normalisation do not wait for them, and travel behind what a layer computes meanwhile. Packing, adding up "
            + "and polling cost no time.",
        "Ranks differ by log-normal jitter on every piece of computing, independent of each other. Data is always ready.",
        "Beyond 16 ranks --granules is the number of ranks, which then is part of what decides the bits.",
    ]
}
