import Collectives
import CommandLineArguments
import Layers
import Reports
import Tensors
import Training

/// `lockstep summary`: the layers of a network in a table.
struct SummaryCommand: Command {
    static let definition = CommandDefinition(
        "summary", summary: "show the layers of a network with shapes and parameter counts",
        sections: [OptionSection("Output", [blocks]), NetworkOptions.section])

    private static let blocks = Option.flag(
        "blocks", help: "print the network's blocks instead, as a file for --network")

    let arguments: ParsedArguments
    let communicator: any Communicator

    func run() throws {
        var plan = TrainingPlan()
        try NetworkOptions.apply(arguments, NetworkOptions.file(arguments, communicator), to: &plan)
        guard !arguments[Self.blocks] else {
            if communicator.rank == 0 { try Console.write(document: plan.architecture.fileText + "\n") }
            return
        }
        let network = try Network(plan.architecture, maximumImages: 1, convolution: plan.convolution)
        if communicator.rank == 0 { try Console.write(Self.text(network)) }
    }

    /// The table and the three totals, in the Keras manner.
    static func text(_ network: Network) -> String {
        var table = Table([.init("Layer"), .init("Kind"), .init("Output shape", .right), .init("Parameters", .right)])
        table.addRow(["input", "Image", network.architecture.image.description, "0"])
        for layer in network.layers {
            let count = (layer.parameters + layer.statistics).reduce(0) { $0 + $1.shape.count }
            table.addRow([layer.name, layer.kind, layer.outputShape.description, NumberFormat.grouped(count)])
        }
        let trainable = network.parameters.table.elementCount
        let moving = network.statisticsTable.elementCount
        return table.text + "\n\n" + """
            Total parameters: \(NumberFormat.grouped(trainable + moving))
            Trainable parameters: \(NumberFormat.grouped(trainable))
            Non-trainable parameters: \(NumberFormat.grouped(moving)) (moving statistics)

            """
    }
}
