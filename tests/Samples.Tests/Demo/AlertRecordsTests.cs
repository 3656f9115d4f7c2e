using System.Text;
using Conductor.Demo.Alerts;
using Conductor.Domain.Tests.Streams.Alerts;
using Conductor.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.Samples.Tests.Demo;

public sealed class AlertRecordsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Alerts_are_made_up_with_their_object_as_the_key()
    {
        foreach (var record in AlertRecords.Generate(new FakeTimeProvider()).Take(10))
            PacketTruth.Of(record.Value.ToArray()).ObjectId.ShouldBe(Encoding.UTF8.GetString(record.Key.Span));
    }

    [Fact]
    public void Packets_of_a_folder_are_replayed_in_the_order_of_their_names_over_and_over()
    {
        Directory.CreateDirectory(_folder["night"]);
        File.WriteAllText(_folder["b.avro"], "2");
        File.WriteAllText(_folder["night/c.avro"], "3");
        File.WriteAllText(_folder["a.avro"], "1");
        File.WriteAllText(_folder["notes.txt"], "4");
        var records = AlertRecords.Replay(_folder.Path).Take(5).ToList();
        records.ConvertAll(r => Encoding.UTF8.GetString(r.Key.Span)).ShouldBe(["a", "b", "c", "a", "b"]);
        records.ConvertAll(r => Encoding.UTF8.GetString(r.Value.Span)).ShouldBe(["1", "2", "3", "1", "2"]);
    }

    [Fact]
    public void A_folder_without_packets_is_an_error_at_once() =>
        Should.Throw<DirectoryNotFoundException>(() => AlertRecords.Replay(_folder.Path)).Message.ShouldContain(_folder.Path);
}
