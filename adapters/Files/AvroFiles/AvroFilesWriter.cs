using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Avro.Data;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.Files.AvroFiles;

/// <summary>Writes one partition's records.</summary>
internal sealed class AvroFilesWriter : ISinkWriter
{
    private readonly AvroFilesSinkOptions _options;
    private readonly PartFiles _files;
    private readonly ContainerReader _packet = new(new ContainerHeaderCache());

    // The caller is one thread, but files also come of age while nothing is written.
    private readonly SemaphoreSlim _gate = new(1);
    private readonly ITimer? _ageing;
    private Exception? _failure;

    public AvroFilesWriter(
        AvroFilesSinkOptions options, SinkPartition partition, FileNames names, PartitionFence fence, long? position, TimeProvider time)
    {
        _options = options;
        _files = new PartFiles(options, partition, names, fence, time);
        Position = position;
        if (options.MaxFileAge > TimeSpan.Zero) _ageing = time.CreateTimer(_ => _ = FinishAgedAsync(), state: null, options.MaxFileAge, options.MaxFileAge);
    }

    public long? Position { get; private set; }

    public async ValueTask WriteAsync(ReadOnlyMemory<StreamRecord> records, CancellationToken cancellationToken)
    {
        using var held = await EnterAsync(cancellationToken);
        for (var i = 0; i < records.Length; i++)
        {
            var record = records.Span[i];
            // A committed file holds it already.
            if (record.Offset < Position) continue;
            var datum = Open(record);
            var part = _files.Find(_packet.Header.SchemaText) ?? await BeginAsync(record.Offset, cancellationToken);
            _files.Append(part, datum.Span);
            if (_files.IsFull(part)) await SaveAsync(record.Offset + 1, cancellationToken);
        }
    }

    public async ValueTask FlushAsync(long nextOffset, CancellationToken cancellationToken)
    {
        using var held = await EnterAsync(cancellationToken);
        await SaveAsync(nextOffset, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_ageing is not null) await _ageing.DisposeAsync();
        await _gate.WaitAsync();
        try
        {
            await _files.CloseAsync();
        }
        catch (FencedException)
        {
            // The later writer has finished what was committed.
        }
    }

    /// <summary>The packet's value; valid until the next packet is opened.</summary>
    private ReadOnlyMemory<byte> Open(in StreamRecord record)
    {
        try
        {
            _packet.Open(record.Value);
            return _packet.ReadBlock() && _packet.BlockCount == 1 && _packet.IsLastBlock
                ? _packet.Block
                : throw new BadRecordException("a packet holds one value", 0);
        }
        catch (AvroDataException e)
        {
            throw new BadRecordException(e.Message, e.Offset, e);
        }
    }

    private async Task<PartFile> BeginAsync(long first, CancellationToken cancellationToken)
    {
        if (_files.Count == _options.MaxOpenFiles)
        {
            await SaveAsync(first, cancellationToken);
            await _files.FinishOldestAsync(cancellationToken);
        }

        return _files.Begin(first, _packet.Header.SchemaText);
    }

    private async Task SaveAsync(long next, CancellationToken cancellationToken)
    {
        if (await _files.SaveAsync(next, cancellationToken)) Position = next;
        await _files.FinishDueAsync(cancellationToken);
    }

    private async Task FinishAgedAsync()
    {
        if (!await _gate.WaitAsync(TimeSpan.Zero)) return;
        try
        {
            await _files.FinishDueAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            // Told to the caller when it comes next.
            _failure = e;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        if (_failure is null) return new Turn(_gate);
        _gate.Release();
        if (_failure is FencedException) throw new FencedException(_failure.Message);
        throw new IOException($"a file could not be finished: {_failure.Message}", _failure);
    }

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
