namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>What a batch did to one instance, however many of its messages were for it.</summary>
/// <typeparam name="TSaga">Instance type.</typeparam>
/// <param name="Saga">The instance as the last message left it.</param>
/// <param name="IsNew">It is not in the database yet.</param>
/// <param name="IsCompleted">It was finalised: its row goes. Together with <paramref name="IsNew"/>: it never becomes a row.</param>
public readonly record struct SagaChange<TSaga>(TSaga Saga, bool IsNew, bool IsCompleted) where TSaga : class;
