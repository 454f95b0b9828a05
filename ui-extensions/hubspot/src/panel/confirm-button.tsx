import { Button, Flex, LoadingButton, Modal, ModalBody, ModalFooter } from '@hubspot/ui-extensions';
import type { ReactNode } from 'react';
import type { Words } from './panel-types.ts';

interface ConfirmButtonProps {
  /** Of the modal; unlike any other on the page. */
  readonly id: string;
  readonly label: string;
  readonly heading: string;
  readonly confirm: string;
  readonly words: Words;
  readonly isBusy: boolean;
  readonly isDisabled: boolean;
  readonly variant: 'primary' | 'secondary';
  /** Of the button that does it; absent: the same. */
  readonly confirmVariant?: 'primary' | 'secondary' | 'destructive';
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}

/** A button that asks first, and says what will happen. The modal is closed by whoever carried it out. */
export function ConfirmButton({
  id,
  label,
  heading,
  confirm,
  words,
  isBusy,
  isDisabled,
  variant,
  confirmVariant = variant,
  onConfirm,
  onCancel,
  children,
}: ConfirmButtonProps) {
  return (
    <Button
      variant={variant}
      disabled={isBusy || isDisabled}
      overlay={
        <Modal id={id} title={heading} width="md" variant={confirmVariant === 'destructive' ? 'danger' : 'default'}>
          <ModalBody>
            <Flex direction="column" gap="sm">
              {children}
            </Flex>
          </ModalBody>
          <ModalFooter>
            <LoadingButton variant={confirmVariant} loading={isBusy} disabled={isBusy} onClick={onConfirm}>
              {confirm}
            </LoadingButton>
            <Button variant="secondary" disabled={isBusy} onClick={onCancel}>
              {words.cancel}
            </Button>
          </ModalFooter>
        </Modal>
      }
    >
      {label}
    </Button>
  );
}
