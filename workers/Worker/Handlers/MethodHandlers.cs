using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Worker.Handlers;

/// <summary>Makes workers of the methods that carry <see cref="WorkerTaskAttribute"/>.</summary>
internal static class MethodHandlers
{
    public static IEnumerable<TaskHandler> Of<T>() where T : class
    {
        var found = typeof(T).GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Select(method => (Method: method, Task: method.GetCustomAttribute<WorkerTaskAttribute>()))
            .Where(pair => pair.Task is not null)
            .Select(pair => Handler<T>(pair.Method, pair.Task!))
            .ToArray();
        return found.Length > 0 ? found : throw new ArgumentException($"{typeof(T).Name} has no public method with [WorkerTask]");
    }

    private static TaskHandler Handler<T>(MethodInfo method, WorkerTaskAttribute task) where T : class
    {
        var arguments = method.GetParameters().Select(parameter => Argument(parameter.ParameterType)).ToArray();
        if (method.GetParameters().Count(p => p.ParameterType != typeof(TaskContext) && p.ParameterType != typeof(CancellationToken)) > 1)
            throw new ArgumentException($"{typeof(T).Name}.{method.Name} takes more than one input; a task has one");
        return new TaskHandler(task.TaskType, task.Domain, task.Concurrency, async (services, context, cancellationToken) =>
        {
            var values = Array.ConvertAll(arguments, argument => argument(context, cancellationToken));
            return await ResultOf(Invoke(method, services.GetRequiredService<T>(), values));
        });
    }

    private static Func<TaskContext, CancellationToken, object?> Argument(Type type)
    {
        if (type == typeof(TaskContext)) return (context, _) => context;
        if (type == typeof(CancellationToken)) return (_, cancellationToken) => cancellationToken;
        return (context, _) => TaskJson.Read(context.Input, type);
    }

    private static object? Invoke(MethodInfo method, object target, object?[] values)
    {
        try
        {
            return method.Invoke(target, values);
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            ExceptionDispatchInfo.Throw(e.InnerException);
            throw;
        }
    }

    private static async Task<object?> ResultOf(object? returned)
    {
        if (returned is ValueTask plain) returned = plain.AsTask();
        else if (returned?.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            returned = type.GetMethod(nameof(ValueTask<>.AsTask))!.Invoke(returned, null);
        if (returned is not Task task) return returned;
        await task;
        var result = task.GetType().GetProperty("Result");
        return result is null || result.PropertyType.Name == "VoidTaskResult" ? null : result.GetValue(task);
    }
}
