import CommandLineArguments
import Datasets
import Training

/// The data that a person names with `--data`: a directory of CIFAR-10 or CIFAR-100 binary files, or `synthetic`.
enum DataOptions {
    static let data = Option(
        "data", .path, placeholder: "DIRECTORY|synthetic", default: "data/cifar-10-batches-bin",
        familiarNames: ["dataset", "data-dir"], help: "CIFAR-10 binary files, or the built-in synthetic set")

    private static let syntheticNotice =
        "SYNTHETIC DATA: training on the built-in procedural images, not on CIFAR-10; accuracies say nothing about real images."

    /// The training and test images of a run.
    ///
    /// - Throws: `DatasetError` when files are missing or damaged.
    static func load(_ arguments: ParsedArguments, _ plan: TrainingPlan) throws(DatasetError) -> RunData {
        let name = arguments[data]
        if name == "synthetic" {
            return RunData(
                training: SyntheticImages.training(limit: plan.limitTrain),
                test: SyntheticImages.test(limit: plan.limitTest), notices: [syntheticNotice])
        }
        let files = try CIFAR(directory: name, limitTrain: plan.limitTrain, limitTest: plan.limitTest)
        let data = RunData(training: files.training, test: files.test, notices: files.digestNotices())
        // All of it has been read by now.
        try files.training.requireIntact()
        try files.test.requireIntact()
        return data
    }

    /// The test images alone.
    ///
    /// - Throws: `DatasetError` when files are missing or damaged.
    static func loadTest(
        _ arguments: ParsedArguments, _ plan: TrainingPlan
    ) throws(DatasetError) -> (test: any LabelledImages, notices: [String]) {
        let name = arguments[data]
        if name == "synthetic" { return (SyntheticImages.test(limit: plan.limitTest), [syntheticNotice]) }
        let files = try CIFAR(directory: name, limitTest: plan.limitTest)
        return (files.test, [])
    }
}
