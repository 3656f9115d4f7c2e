using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;

namespace Conductor.Pipelines.Topics;

/// <summary>Records of a partition that somebody wants to see.</summary>
/// <param name="Topic">Topic.</param>
/// <param name="Partition">Partition.</param>
/// <param name="From">Where they begin.</param>
/// <param name="End">They end before this offset.</param>
internal sealed record WantedRecords(string Topic, int Partition, StreamPosition From, long End)
{
    /// <summary>How many at most.</summary>
    public int Limit { get; init; } = int.MaxValue;

    /// <summary>Reading ends with the record that brings keys, headers and values to so many bytes.</summary>
    public long MostBytes { get; init; } = long.MaxValue;
}

/// <summary>Why reading ended.</summary>
internal enum ReadingEnd
{
    /// <summary>Nothing came for a while.</summary>
    Time,
    /// <summary>The end of what was wanted.</summary>
    End,
    /// <summary>As many as were wanted.</summary>
    Limit,
    /// <summary>As many bytes as may be read.</summary>
    Bytes,
}

/// <summary>What was taken of the records that were wanted, in offset order.</summary>
internal sealed class TakenRecords<T>(WantedRecords wanted, Func<StreamRecord, T> select)
{
    private readonly List<T> _items = [];
    private long _bytes;

    public IReadOnlyList<T> Items => _items;

    /// <summary>Where reading goes on; null when nothing has come.</summary>
    public long? Next { get; private set; }

    public ReadingEnd EndedBy { get; private set; }

    /// <summary>Takes what is wanted of a batch; whether that was the last of it.</summary>
    public bool Take(StreamBatch batch)
    {
        foreach (var record in batch.Records.Span)
        {
            if (Take(record)) return true;
        }
        return false;
    }

    private bool Take(in StreamRecord record)
    {
        if (record.Offset >= wanted.End)
        {
            (Next, EndedBy) = (wanted.End, ReadingEnd.End);
            return true;
        }
        _items.Add(select(record));
        _bytes += record.Key.Length + record.Value.Length + record.Headers.Sum(h => (long)h.Name.Length + h.Value.Length);
        Next = record.Offset + 1;
        if (Next >= wanted.End) EndedBy = ReadingEnd.End;
        else if (_items.Count >= wanted.Limit) EndedBy = ReadingEnd.Limit;
        else if (_bytes >= wanted.MostBytes) EndedBy = ReadingEnd.Bytes;
        else return false;
        return true;
    }
}
