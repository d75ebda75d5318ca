/// The CIFAR-10 data set in its binary version (Krizhevsky, 2009).
public struct CIFAR10: Sendable {
    /// The training images: data_batch_1.bin to data_batch_5.bin.
    public let training: RecordFiles
    /// The test images: test_batch.bin.
    public let test: RecordFiles

    private static let trainingNames = (1...5).map { "data_batch_\($0).bin" }
    private static let testName = "test_batch.bin"

    /// The SHA-256 of the official files.
    private static let officialDigests = [
        "data_batch_1.bin": "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
        "data_batch_2.bin": "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
        "data_batch_3.bin": "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
        "data_batch_4.bin": "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
        "data_batch_5.bin": "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
        "test_batch.bin": "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
    ]

    /// Maps the six files of a directory.
    ///
    /// - Throws: `DatasetError` naming the first file that is missing or damaged.
    public init(directory: String, limitTrain: Int? = nil, limitTest: Int? = nil) throws(DatasetError) {
        training = try RecordFiles(paths: Self.trainingNames.map { "\(directory)/\($0)" }, limit: limitTrain)
        test = try RecordFiles(paths: ["\(directory)/\(Self.testName)"], limit: limitTest)
    }

    /// A notice for each file that is well formed but not the official one: people bring their own data in this format.
    public func digestNotices() -> [String] {
        (training.files + test.files).compactMap { file in
            let name = String(file.path.split(separator: "/").last ?? "")
            guard file.digest() != Self.officialDigests[name] else { return nil }
            return "\(file.path) is not the official CIFAR-10 file (its SHA-256 differs); using it as it is."
        }
    }
}
