/** What `show` prints of any plug-in. */
export interface PluginPage {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** Headed groups of `label: value` lines. */
  readonly sections: readonly {
    readonly title: string;
    readonly lines: readonly (readonly [string, string])[];
  }[];
  readonly options: readonly {
    readonly name: string;
    readonly type: string;
    readonly required: boolean;
    readonly default?: unknown;
    readonly description: string;
  }[];
  /** Names of what stands beside the options of every plug-in of this kind. */
  readonly beside: readonly string[];
  readonly unverified: readonly string[];
}

const WIDTH = 80;

/** A page of at most 80 columns; `heading` decorates the titles. */
export function renderPluginPage(page: PluginPage, heading: (text: string) => string): string {
  const blocks = [`${heading(page.title)} (${page.id})\n${wrap(page.summary, '')}`];
  for (const section of page.sections) {
    const label = Math.max(...section.lines.map(([name]) => name.length)) + 2;
    const lines = section.lines.map(([name, value]) => {
      const [first = '', ...rest] = wrap(value, ' '.repeat(label + 2)).split('\n');
      return [`  ${name.padEnd(label)}${first.trimStart()}`, ...rest].join('\n');
    });
    blocks.push([heading(section.title), ...lines].join('\n'));
  }
  const options = page.options.map(
    (option) => `${optionHead(option)}\n${wrap(option.description, '      ')}`,
  );
  blocks.push([heading('Options'), ...(options.length === 0 ? ['  none'] : options)].join('\n'));
  blocks.push(wrap(`Beside these stands what every one of its kind takes: ${page.beside.join(', ')}.`, ''));
  if (page.unverified.length > 0) {
    blocks.push([heading('Unverified'), ...page.unverified.map((said) => wrap(said, '  '))].join('\n'));
  }
  return blocks.join('\n\n');
}

function optionHead(option: PluginPage['options'][number]): string {
  const preset = option.default === undefined ? '' : `, default ${JSON.stringify(option.default)}`;
  return wrap(`${option.name} (${option.type}, ${option.required ? 'required' : 'optional'}${preset})`, '  ');
}

/** Breaks at blanks; a word longer than a line stays whole, so that it can be copied. */
function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line].join('\n');
}
