import { MultiSelect, NativeSelect, NumberInput, PasswordInput, TagsInput, Textarea, TextInput } from '@mantine/core';
import { text } from '../../text.ts';
import type { Field, Values } from './read-schema.ts';

/** One setting, as its kind is typed in. */
export function SettingField({
  field,
  type,
  value,
  onValue,
  isStored,
  fault,
}: {
  field: Field;
  type: string;
  value: Values[string] | undefined;
  onValue: (value: Values[string] | undefined) => void;
  /** A secret that the server has already. */
  isStored: boolean;
  fault: string | null;
}) {
  const { label, hint } = text.connections.fieldOf(type, field.path);
  const shared = { label, required: field.needed && !isStored, ...(fault === null ? {} : { error: fault }) };
  const said = hint ?? (field.kind === 'secret' ? text.connections.secretHint : undefined);
  const described = { ...shared, ...(said === undefined ? {} : { description: said }) };
  const written = typeof value === 'string' ? value : '';
  switch (field.kind) {
    case 'secret': {
      const secret = {
        ...described,
        placeholder: isStored ? text.connections.stored : '',
        value: written,
        autoComplete: 'off',
        spellCheck: false,
        onChange: (event: { currentTarget: { value: string } }) => onValue(event.currentTarget.value),
      };
      // A key has lines, which a field for passwords would take away.
      return field.path.endsWith('privateKey') ? (
        <Textarea {...secret} autosize minRows={3} maxRows={8} classNames={{ input: 'key-input' }} />
      ) : (
        <PasswordInput {...secret} />
      );
    }
    case 'choice':
      return (
        <NativeSelect
          {...described}
          value={written || field.usual}
          onChange={(event) => onValue(event.currentTarget.value)}
          data={field.usual === '' ? [{ value: '', label: text.connections.byDefault }, ...field.choices] : field.choices}
        />
      );
    case 'choices':
      return <MultiSelect {...described} data={field.choices} value={wordsOf(value)} onChange={onValue} />;
    case 'words':
      return <TagsInput {...described} value={wordsOf(value)} onChange={onValue} />;
    case 'flag':
      return (
        <NativeSelect
          {...described}
          value={value === undefined ? '' : String(value)}
          onChange={({ currentTarget }) => onValue(currentTarget.value === '' ? undefined : currentTarget.value === 'true')}
          data={[
            { value: '', label: text.connections.byDefault },
            { value: 'true', label: text.connections.yes },
            { value: 'false', label: text.connections.no },
          ]}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...described}
          value={typeof value === 'number' ? value : ''}
          {...(field.least === null ? {} : { min: field.least })}
          {...(field.most === null ? {} : { max: field.most })}
          onChange={(given) => onValue(typeof given === 'number' ? given : undefined)}
          hideControls
        />
      );
    default:
      return (
        <TextInput
          {...described}
          type={field.kind === 'date' ? 'date' : 'text'}
          {...(field.kind === 'address' ? { inputMode: 'url' as const } : {})}
          value={written}
          placeholder={field.usual}
          maxLength={1000}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onValue(event.currentTarget.value)}
        />
      );
  }
}

const wordsOf = (value: Values[string] | undefined): string[] => (Array.isArray(value) ? [...(value as readonly string[])] : []);
