// node check-apex-syntax.mjs PROJECT: prints {complaints, methods} as JSON; methods are those that components can call.
import { readFileSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import { ApexErrorListener, ApexParserBaseListener, ApexParserFactory, ApexParseTreeWalker } from '@apexdevtools/apex-parser';
import { apexFiles } from './apex-files.mjs';

class Complaints extends ApexErrorListener {
  complaints = [];
  file = '';
  apexSyntaxError(line, _column, message) {
    this.complaints.push({ file: this.file, line, message });
  }
}

class AuraEnabledMethods extends ApexParserBaseListener {
  methods = {};
  className = '';
  enterClassBodyDeclaration(declaration) {
    const method = declaration.memberDeclaration()?.methodDeclaration();
    const isEnabled = declaration.modifier_list().some((modifier) => /^@AuraEnabled/i.test(modifier.getText()));
    if (!method || !isEnabled) return;
    const parameters = method.formalParameters().formalParameterList()?.formalParameter_list() ?? [];
    this.methods[`${this.className}.${method.id().getText()}`] = parameters.map((parameter) => parameter.id().getText());
  }
}

const project = resolve(process.argv[2]);
const listener = new Complaints();
const found = new AuraEnabledMethods();
for (const file of apexFiles(project)) {
  listener.file = relative(project, file);
  found.className = basename(file, '.cls');
  const { parser } = ApexParserFactory.createLexerAndParser(readFileSync(file, 'utf8'), listener);
  const tree = file.endsWith('.trigger') ? parser.triggerUnit() : parser.compilationUnit();
  ApexParseTreeWalker.DEFAULT.walk(found, tree);
}
process.stdout.write(JSON.stringify({ complaints: listener.complaints, methods: found.methods }));
