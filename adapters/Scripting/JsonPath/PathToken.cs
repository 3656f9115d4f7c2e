namespace Conductor.Scripting.JsonPath;

/// <summary>One step of a path, as Jayway's JsonPath names them.</summary>
internal abstract record PathToken;

/// <summary><c>.name</c>, <c>['name']</c>, <c>['one','other']</c>.</summary>
internal sealed record PropertyToken(IReadOnlyList<string> Names) : PathToken;

/// <summary><c>[0]</c>, <c>[-1]</c>, <c>[0,2]</c>.</summary>
internal sealed record IndexToken(IReadOnlyList<int> Indices) : PathToken;

/// <summary><c>[1:]</c>, <c>[:2]</c>, <c>[1:2]</c>; a step behind a second colon is read and ignored.</summary>
internal sealed record SliceToken(int? From, int? To) : PathToken;

/// <summary><c>.*</c>, <c>[*]</c>.</summary>
internal sealed record WildcardToken : PathToken;

/// <summary><c>..</c>: the token behind it is applied to every level.</summary>
internal sealed record ScanToken : PathToken;

/// <summary><c>[?(…)]</c>.</summary>
internal sealed record FilterToken(FilterNode Filter) : PathToken;

/// <summary><c>.length()</c> and others.</summary>
internal sealed record FunctionToken(string Name, IReadOnlyList<FilterValue> Arguments) : PathToken;
