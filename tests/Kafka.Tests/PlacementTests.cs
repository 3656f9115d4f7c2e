using System.Diagnostics;
using System.Text;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;
using Conductor.Engines;
using Conductor.StreamContract;
using static Conductor.StreamContract.Steps;

namespace Conductor.Kafka.Tests;

/// <summary>Keys go where the clients of others put them.</summary>
[Integration]
public sealed class PlacementTests(KafkaBroker underTest, KafkaServer kafka) : IClassFixture<KafkaBroker>
{
    [Fact]
    public async Task Keys_are_placed_as_Kafkas_own_client_places_them()
    {
        var broker = await underTest.GetAsync();
        var (theirs, ours) = (await broker.NewTopicAsync(7), await broker.NewTopicAsync(7));
        var keys = Enumerable.Range(0, 300).Select(i => new string((char)('a' + (i % 26)), i % 9) + $"{i * 7919}").ToArray();
        await ProduceWithJavaAsync(theirs, keys);
        await broker.ProduceAsync(ours, [.. keys.Select(k => new StreamRecord { Key = Encoding.UTF8.GetBytes(k), Value = "v"u8.ToArray() })]);
        for (var partition = 0; partition < 7; partition++)
        {
            var expected = keys.Where(k => Partitioner.PartitionOf(Encoding.UTF8.GetBytes(k), 7) == partition).Order(StringComparer.Ordinal).ToArray();
            (await KeysAsync(broker, theirs, partition, expected.Length)).ShouldBe(expected);
            (await KeysAsync(broker, ours, partition, expected.Length)).ShouldBe(expected);
        }
    }

    private static async Task<List<string>> KeysAsync(IStreamBroker broker, string topic, int partition, int count)
    {
        (await broker.RangesAsync(topic, Soon())).Single(r => r.Partition == partition).Next.ShouldBe(count);
        var keys = new List<string>();
        await foreach (var batch in broker.ReadAsync(topic, partition, new StreamPosition.Beginning(), Soon()))
        {
            using (batch) keys.AddRange(batch.Records.ToArray().Select(r => Encoding.UTF8.GetString(r.Key.Span)));
            if (keys.Count >= count) break;
        }
        keys.Sort(StringComparer.Ordinal);
        return keys;
    }

    private async Task ProduceWithJavaAsync(string topic, string[] keys)
    {
        string[] arguments = ["-cp", $"{KafkaEngine.Home}/libs/*", "org.apache.kafka.tools.ConsoleProducer", "--bootstrap-server", kafka.ConnectionString,
            "--topic", topic, "--reader-property", "parse.key=true", "--reader-property", "key.separator=:"];
        using var java = Process.Start(new ProcessStartInfo("java", arguments)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = java.StandardError.ReadToEndAsync(Soon(60));
        _ = java.StandardOutput.ReadToEndAsync(Soon(60));
        foreach (var key in keys) await java.StandardInput.WriteLineAsync($"{key}:v");
        java.StandardInput.Close();
        await java.WaitForExitAsync(Soon(60));
        java.ExitCode.ShouldBe(0, await errors);
    }
}
