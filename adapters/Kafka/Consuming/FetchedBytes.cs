using System.Runtime.InteropServices;
using Conductor.Domain.Streams.Records;
using Confluent.Kafka;

namespace Conductor.Kafka.Consuming;

/// <summary>A key or a value as the client hands it over: copied, once, from its memory into that of the batches.</summary>
/// <param name="Bytes">The copy.</param>
/// <param name="IsNull">Whether there was none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FetchedBytes(RecordBytes Bytes, bool IsNull);

/// <summary>Copies what the client has fetched while it still has it. Used on the thread that polls, and on no other.</summary>
internal sealed class CopyingDeserializer(RecordMemory memory) : IDeserializer<FetchedBytes>
{
    public FetchedBytes Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => new(memory.Copy(data), isNull);
}
