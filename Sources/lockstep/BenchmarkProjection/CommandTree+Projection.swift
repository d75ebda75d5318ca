import CommandLineArguments

extension CommandTree {
    /// `benchmark network`.
    static let network = CommandDefinition(
        "network", summary: "time messages and sums between ranks, and fit a network model",
        discussion: """
            Start it under mpirun with at least two ranks, one a host to measure the network. Messages between rank 0 \
            and each other rank and the operations of training are timed over sizes that grow fourfold; latency and \
            bandwidth are fitted to the messages by least squares of relative errors, so that outliers count little. \
            Every operation is shown beside what the fitted model says about it. 'lockstep benchmark projection' \
            takes the JSON line.
            """,
        sections: [
            OptionSection(
                "Measurement",
                [
                    OptionDefinition(
                        "max-bytes", .integer(64...1 << 30), placeholder: "BYTES", default: "16777216",
                        help: "the largest size"),
                    OptionDefinition(
                        "repeats", .integer(1...1_000_000), default: "9",
                        help: "times each is measured; the median counts"),
                    OptionDefinition("json", .flag, help: "print one JSON line"),
                ])
        ],
        notes: [HelpSection("Keys of the JSON line", NetworkDocument.keys)])

    /// `benchmark projection`.
    static let projection = CommandDefinition(
        "projection", summary: "project a step to a thousand ranks from a model",
        discussion: """
            Measures the layers of a rank on this machine for several batches, fits a fixed time, a time an image and a \
            time a granule to each, and computes from that and from a model of a network how long a step takes on many \
            ranks: in closed form, and by a simulation in which ranks differ. The result is a projection, as good as its \
            assumptions, which are printed with it. Give it measured steps to see how far it is off. Run it on an idle \
            machine: alone, or under mpirun with a rank on every core of a host, which then compute side by side, as \
            they will in training.
            """,
        sections: [profileSection, projectedNetworkSection, projectedRanksSection, networkSection, ranksSection])

    private static let profileSection = OptionSection(
        "Measurement",
        [
            OptionDefinition(
                "images", .list, placeholder: "LIST", default: "1,2,4,8,16,32,64",
                help: "images of a rank that are measured; at least two"),
            OptionDefinition(
                "repeats", .integer(1...1_000_000), default: "5", help: "steps of each size; the median counts"),
            OptionDefinition(
                "measured", .list, placeholder: "FILE,...",
                help: "files with lines of 'benchmark throughput --json' to compare with"),
            OptionDefinition("json", .flag, help: "print one JSON line"),
            OptionDefinition(
                "output", .path, placeholder: "PATH", familiarNames: ["out"],
                help: "also write plots, as an HTML page, to this file"),
        ])

    private static let projectedNetworkSection = OptionSection(
        "Projected network",
        [
            OptionDefinition(
                "network-json", .path, placeholder: "FILE", help: "the JSON line of 'benchmark network'"),
            OptionDefinition(
                "networks", .list, placeholder: "LIST", default: "1,10,25,100",
                help: "of 1, 10, 25 and 100 Gbit/s with typical latencies of 50, 30, 20 and 2 µs"),
            OptionDefinition(
                "gbit", .number(.positive), placeholder: "GBIT", familiarNames: ["bandwidth"],
                help: "a network of so many 10^9 bits per second; with --latency-us"),
            OptionDefinition(
                "latency-us", .number(.atLeast(0)), placeholder: "US", familiarNames: ["latency"],
                help: "its microseconds of an empty message"),
            OptionDefinition(
                "message-us", .number(.atLeast(0)), placeholder: "US",
                help: "its microseconds of each further message sent at once; the latency unless given"),
        ])

    private static let projectedRanksSection = OptionSection(
        "Projected ranks",
        [
            OptionDefinition(
                "max-ranks", .integer(2...65_536), default: "1024", help: "the most ranks, from 1 on by doubling"),
            OptionDefinition(
                "strong", .list, placeholder: "LIST", default: "128,512,2048",
                help: "global batches that stay the same on all ranks"),
            OptionDefinition(
                "weak", .integer(1...1_000_000), placeholder: "IMAGES", default: "64",
                help: "images of each rank that stay the same"),
            OptionDefinition(
                "jitter", .number(.between(0...1)), default: "0.03",
                help: "how much computing varies from time to time, log-normal, as a share"),
            OptionDefinition(
                "slow-rank", .number(.atLeast(1)), placeholder: "FACTOR", default: "1",
                help: "one rank takes so many times as long to compute"),
            OptionDefinition(
                "simulated-steps", .integer(1...100_000), default: "10", help: "steps whose mean counts"),
            OptionDefinition("seed", .integer(0...Int.max), default: "1", help: "decides every draw"),
        ])
}
