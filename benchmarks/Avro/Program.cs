using Conductor.Bench.Avro;

// Usage: Conductor.Bench.Avro [DATA [SECONDS]]: DATA holds alerts/ztf and avro/bench (else CONDUCTOR_SHARED/data); without it, generated alerts are read.
var shared = Environment.GetEnvironmentVariable("CONDUCTOR_SHARED");
var data = args.Length > 0 ? args[0] : shared is null ? null : Path.Combine(shared, "data");
var bench = new Stopclock(seconds: args.Length > 1 ? double.Parse(args[1]) : 0.2);

PacketBench.Run(bench, "generated", Packets.Generated(count: 64));
if (data is null)
{
    Console.WriteLine("no real packets: give their folder, or set CONDUCTOR_SHARED");
    return;
}

foreach (var version in new[] { "v3.3-fink", "v4.01" }) PacketBench.Run(bench, $"ZTF {version}", Packets.In(Path.Combine(data, "alerts", "ztf", version)));
RecordBench.Run(bench, Path.Combine(data, "avro", "bench"));
