using Portal.Model.Validation;

namespace Portal.Model.Documents.Import.Bicep;

/// <summary>Objects and their members, with what the documentation's pages write in place of them.</summary>
internal partial class BicepExpressions
{
    protected virtual BicepObject Object()
    {
        var start = Take();
        var members = new List<BicepMember>();
        while (true)
        {
            while (Current.Kind is BicepTokenKind.NewLine || Current.Is(","))
                Take();
            if (Current.Is("}") || Current.Kind is BicepTokenKind.End)
                break;
            if (!Special() && Member() is { } member)
                members.Add(member);
        }
        if (!TakeIf("}"))
            SyntaxError("The object is not closed with }.", start);
        return new BicepObject(members, start.Line, start.Column);
    }

    /// <summary>Takes what may stand between members and is none.</summary>
    protected virtual bool Special() => false;

    /// <summary>A member with its value; null when there is none to read.</summary>
    protected BicepMember? Member()
    {
        var name = Take();
        Budget.Take(1, name.Line, name.Column);
        if (name.Is("..."))
            return Spread(name);
        var text = name.Kind switch
        {
            BicepTokenKind.Word or BicepTokenKind.Number => name.Value,
            BicepTokenKind.Text when name.Parts!.All(part => part.Text is not null) => string.Concat(name.Parts!.Select(part => part.Text)),
            _ => null,
        };
        if (text is null || text.Length > ReadingBudget.MostNameLength || !TakeIf(":"))
        {
            SyntaxError(text is null ? $"'{name.Value}' is not the name of a member." : $"A colon is missing after '{(text.Length > 100 ? text[..100] : text)}'.", name);
            SkipLine();
            return null;
        }
        if (Current.Kind is BicepTokenKind.NewLine && Indented(name) is { } members)
            return new BicepMember(text, members, name.Line, name.Column);
        var value = Current.Kind is BicepTokenKind.NewLine ? NoValue(name) : Body();
        if (value is not null && Current.Kind is not (BicepTokenKind.NewLine or BicepTokenKind.End) && !Current.Is("}") && !Current.Is(","))
        {
            SyntaxError($"Something stands behind the value of '{text}'.", Current);
            SkipLine();
        }
        return value is null ? null : new BicepMember(text, value, name.Line, name.Column);
    }

    private BicepValue? NoValue(BicepToken name)
    {
        SyntaxError($"The value of '{name.Value}' is missing.", name);
        return null;
    }

    private BicepMember? Spread(BicepToken dots)
    {
        if (Current.Kind is BicepTokenKind.NewLine or BicepTokenKind.End || Current.Is("}"))
        {
            Report("bicep-elision", Severity.Info, "Three dots stand for something that was left out; nothing is read for them.", null, dots.Line, dots.Column);
            return null;
        }
        return new BicepMember(null, Value(), dots.Line, dots.Column);
    }

    /// <summary>Members that are only indented below a name, as YAML has them and one page of the documentation shows.</summary>
    private BicepObject? Indented(BicepToken name)
    {
        bool IsBelow()
        {
            var next = 0;
            while (next < 50 && Peek(next).Kind is BicepTokenKind.NewLine)
                next++;
            return Peek(next).Kind is BicepTokenKind.Word or BicepTokenKind.Text && Peek(next + 1).Is(":") && Peek(next).Column > name.Column;
        }

        if (!IsBelow())
            return null;
        ReadingBudget.CheckDepth(++depth, name.Line, name.Column);
        Report("bicep-no-braces", Severity.Warning, $"The members of '{name.Value}' stand without braces, which is no Bicep: they are read as an object.", "Put { behind the colon and } behind the members.", name.Line, name.Column);
        var members = new List<BicepMember>();
        while (IsBelow())
        {
            SkipNewLines();
            if (Member() is { } member)
                members.Add(member);
        }
        depth--;
        return new BicepObject(members, name.Line, name.Column);
    }
}
