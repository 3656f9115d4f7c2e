using System.Diagnostics;
using Conductor.Domain.Avro.Containers;

namespace Conductor.Files.Tests.Folders;

/// <summary>Files that nobody would want to read, and what comes of those beside them.</summary>
public sealed class HostileFileTests : IDisposable
{
    private readonly FolderUnderTest _files = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task What_is_no_readable_file_is_set_aside_with_its_reason_and_the_rest_goes_on()
    {
        using var elsewhere = new TemporaryFolder();
        File.WriteAllBytes(elsewhere["secret.avro"], Packets.Of(99));
        _files.Put("a.avro", Packets.Of(1));
        Run("mkfifo", _files.Folder["b.avro"]);
        File.CreateSymbolicLink(_files.Folder["c.avro"], _files.Folder["c.avro"]);
        File.CreateSymbolicLink(_files.Folder["d.avro"], elsewhere["secret.avro"]);
        File.CreateSymbolicLink(_files.Folder["e.avro"], "/dev/zero");
        File.CreateSymbolicLink(_files.Folder["f.avro"], _files.Folder["a.avro"]);
        File.CreateSymbolicLink(_files.Folder["g.avro"], _files.Folder["nothing"]);
        Run("sh", "-c", $"cd '{_files.Folder.Path}' && for n in '\\376' '\\377'; do : > \"$(printf \"h$n.avro\")\"; done");
        _files.Put("z.avro", Packets.Of(2));
        await using var reader = await _files.OpenAsync();
        var records = await FolderUnderTest.ReadAsync(reader, from: null, count: 10);
        Run("sh", "-c", $"rm '{_files.Folder.Path}'/h*");
        records.Select(record => (record.Origin.Source[(_files.Folder.Path.Length + 1)..], Words(record))).Order().ShouldBe(
        [
            ("a.avro", "read 1"), ("b.avro", "it is no regular file"), ("c.avro", "its symbolic links go round"), ("d.avro", "lies in none of the folders"),
            ("e.avro", "lies in none of the folders"), ("f.avro", "read 1"), ("g.avro", "it has gone"), ("h\uFFFD.avro", "its name is not valid UTF-8"),
            ("h\uFFFD.avro (2)", "its name is not valid UTF-8"), ("z.avro", "read 2"),
        ]);
        (await reader.LagAsync(records[^1].Offset + 1, Stop)).ShouldBe(0);
    }

    [Fact]
    public async Task A_file_larger_than_a_packet_is_read_block_by_block()
    {
        var file = new List<byte>(Packets.Of(0, 1, 2));
        var header = ContainerHeader.Parse(file.ToArray()).Length;
        for (var i = 3; i < 3000; i += 3) file.AddRange(Packets.Of(i, i + 1, i + 2)[header..]);
        _files.Put("a.avro", [.. file]);
        _files.Put("b.avro", [.. file[..^7]]);
        _files.Put("c.avro", Packets.Of(7));
        await using var reader = await _files.OpenAsync(maxPacketBytes: 1000);
        var records = await FolderUnderTest.ReadAsync(reader, from: null, count: 3002);
        records[..3000].Select(record => record.Ids.Single()).ShouldBe(Enumerable.Range(0, 3000).Select(i => (long)i));
        records[3000].Fault.ShouldNotBeNull().ShouldContain($"its {file.Count - 7} bytes are too many to be kept");
        records[3001].Ids.ShouldBe([7]);
        (await FolderUnderTest.ReadAsync(reader, from: records[2900].Offset, count: 1)).Single().Ids.ShouldBe([2900]);
    }

    [Fact]
    public async Task Files_and_values_larger_than_a_packet_are_set_aside()
    {
        _files.Put("a.avro", Long(1, 2000));
        _files.Put("b.avro", [.. Long(2, 500), .. Long(3, 600)[ContainerHeader.Parse(Packets.Of(1)).Length..]]);
        File.WriteAllBytes(_files.Folder["c.avro"], []);
        using (var sparse = File.OpenWrite(_files.Folder["c.avro"])) sparse.SetLength(2_200_000_000);
        File.SetLastWriteTimeUtc(_files.Folder["c.avro"], DateTime.UtcNow.AddHours(-1));
        _files.Put("d.avro", Packets.Of(4));
        await using var reader = await _files.OpenAsync(maxPacketBytes: 1000);
        var records = await FolderUnderTest.ReadAsync(reader, from: null, count: 5);
        records.ConvertAll(record => record.Fault is null).ShouldBe([false, true, true, false, true]);
        records[0].Fault.ShouldNotBeNull().ShouldContain("at most 1000 are read at once");
        records[3].Fault.ShouldNotBeNull().ShouldContain("not an Avro container file");
        records[4].Ids.ShouldBe([4]);
    }

    [Fact]
    public async Task Many_small_values_under_a_large_schema_are_not_taken_apart()
    {
        var schema = Packets.Schema.Replace("\"fields\"", $"\"doc\":\"{new string('x', 300_000)}\",\"fields\"", StringComparison.Ordinal);
        _files.Put("a.avro", Packets.Of(schema, [.. Enumerable.Range(0, 2000).Select(i => (long)i)]));
        await using var reader = await _files.OpenAsync();
        (await FolderUnderTest.ReadAsync(reader, from: null, count: 1)).Single().Fault.ShouldNotBeNull().ShouldContain("2000 values would take");
    }

    [Fact]
    public async Task A_container_made_to_cost_more_than_it_weighs_is_one_packet_or_set_aside()
    {
        var empty = HostileContainer.Of("""{"type":"record","name":"E","fields":[]}""", block: [], count: 1_000_000);
        var bomb = HostileContainer.Of("\"bytes\"", HostileContainer.Deflated(new byte[50_000_000]), count: 1, codec: "deflate");
        _files.Put("a.avro", empty);
        _files.Put("b.avro", bomb);
        _files.Put("c.avro", HostileContainer.Of($"\"{new string('x', 17_000_000)}\"", block: [], count: 1));
        _files.Put("d.avro", Packets.Of(4));
        await using var reader = await _files.OpenAsync();
        var records = await FolderUnderTest.ReadAsync(reader, from: null, count: 4);
        records[0].Bytes.ShouldBe(empty);
        records[1].Bytes.ShouldBe(bomb);
        records[2].Fault.ShouldNotBeNull().ShouldContain("no header of at most");
        records[3].Ids.ShouldBe([4]);
    }

    private static byte[] Long(long id, int length) => Packets.Of(Packets.Schema, [(id, new string('x', length))]);

    private static string Words(Seen record)
    {
        const string elsewhere = "lies in none of the folders";
        return record.Fault is null ? $"read {record.Ids.Single()}" : record.Fault.Contains(elsewhere, StringComparison.Ordinal) ? elsewhere : record.Fault;
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
    }
}
