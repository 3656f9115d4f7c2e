using System.Collections;
using System.Reflection;
using MassTransit;
using MassTransit.Context;

namespace Conductor.Postgres.Inbox;

/// <summary>
/// The messages behind a consume context: itself, or the members of a <see cref="Batch{T}"/>, whose own message id is only that of
/// its last member.
/// </summary>
internal static class InboxBatch<T>
    where T : class
{
    private static readonly Func<ConsumeContext<T>, IReadOnlyList<ConsumeContext>>? ReadMembers = Bind<Func<ConsumeContext<T>, IReadOnlyList<ConsumeContext>>>(nameof(InboxBatchOf<object>.Members));
    private static readonly Func<ConsumeContext<T>, IReadOnlySet<ConsumeContext>, ConsumeContext<T>>? Keep = Bind<Func<ConsumeContext<T>, IReadOnlySet<ConsumeContext>, ConsumeContext<T>>>(nameof(InboxBatchOf<object>.Keep));

    public static IReadOnlyList<ConsumeContext> Members(ConsumeContext<T> context) => ReadMembers?.Invoke(context) ?? [context];

    /// <summary>The context with only some of its members.</summary>
    public static ConsumeContext<T> Only(ConsumeContext<T> context, IReadOnlySet<ConsumeContext> members) => Keep?.Invoke(context, members) ?? context;

    private static TDelegate? Bind<TDelegate>(string method)
        where TDelegate : Delegate =>
        typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(Batch<>)
            ? typeof(InboxBatchOf<>).MakeGenericType(typeof(T).GetGenericArguments()[0]).GetMethod(method, BindingFlags.Public | BindingFlags.Static)!.CreateDelegate<TDelegate>()
            : null;
}

internal static class InboxBatchOf<TMember>
    where TMember : class
{
    public static IReadOnlyList<ConsumeContext> Members(ConsumeContext<Batch<TMember>> context) => [.. context.Message];

    public static ConsumeContext<Batch<TMember>> Keep(ConsumeContext<Batch<TMember>> context, IReadOnlySet<ConsumeContext> members) =>
        members.Count == context.Message.Length
            ? context
            : new MessageConsumeContext<Batch<TMember>>(context, new Remaining(context.Message, [.. context.Message.Where(members.Contains)]));

    private sealed class Remaining(Batch<TMember> whole, IReadOnlyList<ConsumeContext<TMember>> members) : Batch<TMember>
    {
        public BatchCompletionMode Mode => whole.Mode;

        public DateTime FirstMessageReceived => whole.FirstMessageReceived;

        public DateTime LastMessageReceived => whole.LastMessageReceived;

        public int Length => members.Count;

        public ConsumeContext<TMember> this[int index] => members[index];

        public IEnumerator<ConsumeContext<TMember>> GetEnumerator() => members.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
